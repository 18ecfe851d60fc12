// A Socket.IO server that does what the load benchmark asks of Convene: rooms with a roster, chat to everybody in the
// room (its sender too), addressed signals. Written as its documentation advises for speed: WebSocket only, no
// compression, rooms by the built-in adapter, which encodes a message once for all who hear it.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { Server } from "socket.io";

const port = Number(process.argv[2] ?? 0);
const http = createServer((request, response) => {
  response.writeHead(request.url === "/healthz" ? 200 : 404).end();
});
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false, serveClient: false });

/** Room name → {people: Map(id → participant), no}. */
const rooms = new Map();

function roomOf(name) {
  let room = rooms.get(name);
  if (!room) rooms.set(name, (room = { people: new Map(), no: 0 }));
  return room;
}

io.on("connection", (socket) => {
  let name = null;
  let self = null;

  socket.on("join", ({ room, profile, media }, reply) => {
    name = room;
    const { people } = roomOf(room);
    self = { peer: socket.id, name: profile.name, media, joined_at: new Date().toISOString() };
    const participants = [...people.values()];
    people.set(socket.id, self);
    socket.join(room);
    socket.to(room).emit("participant_joined", { participant: self });
    reply({ self, participants });
  });

  socket.on("chat_send", ({ client_id, text }) => {
    if (!self || typeof text !== "string" || text.length > 4096) return;
    const message = {
      message: randomUUID(),
      no: ++roomOf(name).no,
      from: socket.id,
      name: self.name,
      text,
      at: new Date().toISOString(),
      client_id,
    };
    io.to(name).emit("chat_message", { message });
  });

  socket.on("candidate", ({ to, gen, candidate }) => {
    if (!self || !roomOf(name).people.has(to)) return;
    io.sockets.sockets.get(to)?.emit("candidate", { from: socket.id, gen, candidate });
  });

  socket.on("disconnect", () => {
    if (!self) return;
    const { people } = roomOf(name);
    people.delete(socket.id);
    if (people.size === 0) rooms.delete(name);
    else io.to(name).emit("participant_left", { peer: socket.id, reason: "left" });
  });
});

http.listen(port, "127.0.0.1");
