// A room as mesibo's old pages show it: everything from localStorage, one listener for all, four places for others.
const user = JSON.parse(localStorage.getItem('user'));
const room = JSON.parse(localStorage.getItem('room'));
// A name of the library's that the page has as its own constant.
const MESIBO_FLAG_DEFAULT = 3;
const MAX_STREAMS_COUNT = 4;

const streams = [null, null, null, null];
const addressBook = {};
let publisher = null;
let screenPublisher = null;

function element(id) {
  return document.getElementById(id);
}

function tick(text) {
  const line = document.createElement('li');
  line.innerText = text;
  element('ticker').appendChild(line);
}

function Listener() {}

Listener.prototype.Mesibo_OnConnectionStatus = function (status) {
  if (status === MESIBO_STATUS_ONLINE) element('cstatus').innerText = user.name + ' is online';
  else if (status === MESIBO_STATUS_CONNECTING) element('cstatus').innerText = 'connecting';
  else if (status === MESIBO_STATUS_AUTHFAIL) element('cstatus').innerText = 'bad token';
  else if (status === MESIBO_STATUS_SIGNOUT) element('cstatus').innerText = 'signed out';
  else element('cstatus').innerText = 'offline';
};

Listener.prototype.Mesibo_OnError = function (e) {
  tick('error ' + e.code);
};

Listener.prototype.Mesibo_OnMessage = function (m, data) {
  if (m.type === 7) {
    tick('drawing ' + JSON.parse(m.message).colour);
    return;
  }
  tick('message of ' + (m.groupid ? 'the group' : 'one') + ' from ' + addressBook[m.peer] + ': ' + array2String(data, 0, data.byteLength));
  showMessages();
};

Listener.prototype.Mesibo_OnMessageStatus = function (m) {
  tick('message ' + m.message + ' has status ' + m.status);
  showMessages();
};

Listener.prototype.MesiboGroupcall_OnPublisher = function (p, joined) {
  if (!joined) {
    tick(p.getName() + ' has left the room');
    return;
  }
  addressBook[p.getAddress()] = p.getName();
  tick(p.getName() + (p.getType() > 0 ? ' is sharing the screen' : ' has entered the room'));
  for (let i = 0; i < MAX_STREAMS_COUNT; i++) {
    if (streams[i]) continue;
    streams[i] = p;
    p.element_id = 'video-remote-' + i;
    p.call(true, true, listener);
    return;
  }
};

Listener.prototype.MesiboGroupcall_OnSubscriber = function (s, joined) {
  addressBook[s.address] = s.name;
  tick(s.name + (joined ? ' is watching' : ' watches no more'));
};

Listener.prototype.MesiboGroupcall_OnVideo = function (p) {
  const place = p.isLocal() ? (p.getType() > 0 ? null : 'video-publisher') : p.element_id;
  if (place) p.setVideoView(place, function (shown) { if (!shown) tick('no place for ' + p.getName()); }, 100, 50);
};

Listener.prototype.MesiboGroupcall_OnConnected = function (p, connected) {
  tick(p.getName() + (connected ? ' is connected' : ' is lost'));
};

Listener.prototype.MesiboGroupcall_OnMute = function (p, audioMuted, videoMuted, remote) {
  tick(p.getName() + ' mutes ' + (audioMuted ? 'a' : '') + (videoMuted ? 'v' : '') + (remote ? ' there' : ' here'));
};

Listener.prototype.MesiboGroupcall_OnTalking = function () {};

Listener.prototype.MesiboGroupcall_OnHangup = function (p, reason) {
  tick((p.isLocal() ? 'I' : p.getName()) + ' hung up ' + (p.getType() > 0 ? 'the screen ' : '') + reason);
  if (p.isLocal()) {
    p.hangup();
    return;
  }
  for (let i = 0; i < MAX_STREAMS_COUNT; i++) if (streams[i] === p) streams[i] = null;
};

const listener = new Listener();
const api = new Mesibo();
api.setAppName('com.example.web');
if (false === api.setCredentials(user.token)) tick('no token');
api.setListener(listener);
api.setDatabase('mesibo');
api.start();

const live = api.groupCall(listener, room.gid);
live.join(listener);
if (room.publish === 1 || new URL(location.href).searchParams.has('patched')) {
  publisher = live.createPublisher(0);
  publisher.setVideoSource(MESIBOCALL_VIDEOSOURCE_CAMERADEFAULT);
  publisher.call(true, true, listener);
}

const session = api.readDbSession('', room.gid, null, showMessages);
session.enableReadReceipt(true);
session.read(100);

function showMessages() {
  element('messages').replaceChildren(
    ...session.getMessages().map(function (m) {
      const line = document.createElement('li');
      const isReceived = m.status === MESIBO_MSGSTATUS_RECEIVEDNEW || m.status === MESIBO_MSGSTATUS_RECEIVEDREAD;
      line.innerText = (isReceived ? '< ' : '> ') + m.message;
      return line;
    })
  );
}

function say(m, text) {
  m.id = api.random();
  m.flag = MESIBO_FLAG_DEFAULT;
  m.message = text;
  api.sendMessage(m, m.id, text);
  showMessages();
}

element('send').onclick = function () {
  say({ groupid: room.gid }, element('text').value);
};
element('mute-video').onclick = function () {
  publisher.toggleVideoMute();
  tick(publisher.getMuteStatus(true) ? 'You have muted your video' : 'You have unmuted your video');
};
element('mute-audio').onclick = function () {
  publisher.toggleAudioMute();
};
element('share').onclick = function () {
  screenPublisher = live.createPublisher(1);
  screenPublisher.setVideoSource(MESIBOCALL_VIDEOSOURCE_SCREEN);
  screenPublisher.call(false, true, listener);
};
element('exit').onclick = function () {
  live.leave();
  window.open('login.html', '_self');
};
