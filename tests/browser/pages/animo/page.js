// What the real pages do, of two generations that differ: `?generation=1` (bearer, GET check-code, positional chat) and
// `?generation=3` (cookie, POST create-meet, objects). `?server=` is the backend, `?name=` who one is.
const asked = new URLSearchParams(location.search);
const generation = Number(asked.get('generation'));
const backend = asked.get('server') ?? location.origin;
const roomID = location.pathname.slice(1);
const cookies = generation >= 3;

window.state = { users: {}, chat: [], left: [], connections: {}, joined: 0 };
let token = localStorage.getItem('token');

async function api(method, path, body) {
  const headers = { ...(body && { 'content-type': 'application/json' }) };
  // the first generations build this header once, as the page loads: it may be `Bearer null`
  if (!cookies || path.includes('prev-meets')) headers.authorization = `Bearer ${token}`;
  const options = { method, headers, body: body && JSON.stringify(body), ...(cookies && { credentials: 'include' }) };
  const answer = await fetch(`${backend}/api/v1${path}`, options);
  return { status: answer.status, body: await answer.json() };
}

window.account = async (username) => {
  const who = { name: `${username} N.`, username, password: 'password123' };
  const made = await api('POST', '/users/signup', who);
  const entered = await api('POST', '/users/login', who);
  token = entered.body.token;
  if (!cookies) localStorage.setItem('token', token);
  const known = await api('GET', '/users/verify-user');
  return { made: made.status, entered: entered.status, known };
};

window.create = async (code) => {
  const made = cookies ? await api('POST', `/meeting/create-meet/${code}`) : await api('GET', `/meeting/check-code/${code}`);
  const found = await api('GET', `/meeting/check-meet/${code}`);
  return { made: made.status, found: found.body };
};

window.previous = async (username) => api('GET', `/meeting/prev-meets/${username}`);
window.logout = async () => api('POST', '/users/logout');
window.verify = async () => api('GET', '/users/verify-user');

window.call = async (name) => {
  const local = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 160, height: 120, frameRate: 8 } });
  const socket = io(backend, { withCredentials: cookies });
  window.socket = socket;
  const { state } = window;

  function connection(id) {
    if (state.connections[id]) return state.connections[id];
    const peer = new RTCPeerConnection();
    state.connections[id] = peer;
    for (const track of local.getTracks()) peer.addTrack(track, local);
    peer.onicecandidate = ({ candidate }) => candidate && socket.emit('signal', id, JSON.stringify({ ice: candidate }));
    peer.ontrack = ({ streams: [stream] }) => {
      let tile = document.getElementById(id);
      if (!tile) {
        tile = Object.assign(document.createElement('video'), { id, autoplay: true, muted: true, playsInline: true });
        document.getElementById('tiles').append(tile);
      }
      tile.srcObject = stream;
    };
    return peer;
  }

  socket.on('connect', () => {
    const flags = { audioEnabled: true, audioAvailable: true, videoEnabled: true, videoAvailable: true };
    socket.emit('join-call', { roomID, username: `${name}_guest`, name: `${name} (Guest)`, ...flags });
  });
  socket.on('user-joined', async ({ id, clients, namesMap }) => {
    state.joined += 1;
    Object.assign(state.users, namesMap);
    if (id !== socket.id) return;
    for (const other of clients.filter((client) => client !== socket.id)) {
      const peer = connection(other);
      await peer.setLocalDescription(await peer.createOffer());
      socket.emit('signal', other, JSON.stringify({ sdp: peer.localDescription }));
    }
  });
  socket.on('signal', async (from, message) => {
    const signal = JSON.parse(message);
    const peer = connection(from);
    if (signal.sdp) {
      await peer.setRemoteDescription(signal.sdp);
      if (signal.sdp.type === 'offer') {
        await peer.setLocalDescription(await peer.createAnswer());
        socket.emit('signal', from, JSON.stringify({ sdp: peer.localDescription }));
      }
    }
    if (signal.ice) await peer.addIceCandidate(signal.ice).catch(() => {});
  });
  socket.on('user-media-update', ({ userId, ...flags }) => (state.flags = { ...state.flags, [userId]: flags }));
  socket.on('user-left', (id, username) => {
    state.left.push([id, username]);
    state.connections[id]?.close();
    delete state.connections[id];
    document.getElementById(id)?.remove();
  });
  socket.on('chat-message', (...message) => {
    const [sender, data, time] = cookies ? [message[0]?.sender, message[0]?.data, message[0]?.time] : message;
    if (time && !Number.isNaN(new Date(time).getTime())) state.chat.push([sender, data]);
  });
  socket.on('denied', () => (state.denied = true));
};

window.say = (name, data) => {
  const [sender, time] = [`${name} (Guest)`, Date.now()];
  if (cookies) window.socket.emit('chat-message', { sender, data, time, socketIdSender: window.socket.id });
  else window.socket.emit('chat-message', sender, data, time);
};

window.toggle = (peerVideoEnabled) =>
  window.socket.emit('toggle-media', { roomId: roomID, peerVideoEnabled, peerVideoAvailable: true, peerAudioEnabled: true, peerAudioAvailable: true });

window.leave = () => {
  window.socket.emit('leave-call');
  window.socket.disconnect();
};

/** Frames decoded of each tile by now. */
window.decoded = () => Array.from(document.querySelectorAll('video'), (tile) => tile.getVideoPlaybackQuality().totalVideoFrames);
