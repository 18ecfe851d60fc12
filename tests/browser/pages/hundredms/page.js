// What an app does that was made for a 100ms backend: rooms and tokens by fetch, presence by a raw socket, and the call, for which it opens
// Convene's SDK with the token instead of the vendor's. `?backend=` names the server.
const backend = new URL(location.href).searchParams.get("backend");
const app = { socket: null, meeting: null, room: null, user: null };
globalThis.app = app;

async function post(path, body) {
  const answer = await fetch(backend + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

function line(list, text) {
  const item = document.createElement("li");
  item.textContent = text;
  document.getElementById(list).append(item);
}

/** Opens a lesson: its id, and the secret by which its maker gets a host's token. */
app.makesRoom = (roomName) => post("/rooms", { roomName });

/** What the overview of the app shows. */
app.lists = async () => (await (await fetch(`${backend}/rooms`)).json()).rooms;

/** Comes into the room: a token, presence over the socket, and the call. */
app.comes = async (room, user, role, more = {}) => {
  const { token } = await post(`/rooms/${room}/token`, { role, userId: user, ...more });
  Object.assign(app, { room, user });
  await tells("join");
  const { Convene } = await import(`${backend}/sdk/v1.js`);
  app.meeting = await Convene.join({ room, name: user, token, audio: true, video: true });
  app.meeting.on("peer", show);
  app.meeting.on("peerleft", ({ peer }) => document.getElementById(peer)?.remove());
  for (const person of app.meeting.people.values()) show({ person });
  return { role: app.meeting.self.role, claims: JSON.parse(atob(token.split(".")[1])) };
};

app.goes = async () => {
  await app.meeting.leave();
  app.socket.send(JSON.stringify({ event: "leave", data: { roomId: app.room, userId: app.user } }));
};

/** Resolves when the server has said that it is done. */
function tells(event) {
  const data = { roomId: app.room, userId: app.user };
  return new Promise((done, failed) => {
    app.socket = new WebSocket(backend.replace("http", "ws"));
    app.socket.onopen = () => app.socket.send(JSON.stringify({ event, data }));
    app.socket.onerror = failed;
    app.socket.onmessage = (message) => {
      const { event, data } = JSON.parse(message.data);
      if (event !== "update") return;
      line("updates", `${data.userId} ${data.action}`);
      if (data.userId === app.user) done();
    };
  });
}

function show({ person }) {
  const { peer, name } = person;
  const holdsNoCall = !app.meeting.remote(peer); // the others' presence
  if (holdsNoCall || document.getElementById(peer)) return;
  const tile = document.createElement("video");
  Object.assign(tile, { id: peer, autoplay: true, muted: true, srcObject: app.meeting.remote(peer).camera });
  tile.dataset.name = name;
  document.getElementById("tiles").append(tile);
}
