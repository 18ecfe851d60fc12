// A room as the pages of 2020 show it: participants come in lists, streams are attached, statuses are numbers.
const user = JSON.parse(localStorage.getItem('user'));
const room = JSON.parse(localStorage.getItem('room'));
const STREAM_CAMERA = 1;

let publisher = null;
let isPublished = false;

function tick(text) {
  const line = document.createElement('li');
  line.innerText = text;
  document.getElementById('ticker').appendChild(line);
}

function onStream(p) {
  p.attach(p.isLocal() ? 'video-publisher' : 'video-remote-0', function () {}, 100, 50);
}

function onStatus(p, status) {
  tick((p.isLocal() ? 'I' : p.getName()) + ' 0x' + status.toString(16));
  if (status === MESIBO_CALLSTATUS_COMPLETE && p.isLocal()) publisher.hangup();
}

const listener = {
  Mesibo_OnConnectionStatus: function (status) {
    if (status !== MESIBO_STATUS_ONLINE || isPublished) return;
    isPublished = true;
    publisher.call({ source: STREAM_CAMERA, audio: true, video: true }, 'video-publisher', onStream, onStatus);
  },
  Mesibo_OnParticipants: function (all, latest) {
    for (const i in latest) {
      tick(latest[i].getName() + ' is one of ' + all.length);
      latest[i].call(null, 'video-remote-0', onStream, onStatus);
    }
  },
  Mesibo_OnParticipantUpdated: function (all, p) {
    tick(p.getName() + ' is now ' + p.muteStatus(false, true) + ' ' + p.muteStatus(true, true));
  },
};

const api = new Mesibo();
api.setAppName('web');
api.setListener(listener);
api.setCredentials(user.token);
api.setDatabase('mesibo');
api.start();
const live = api.initGroupCall();
live.setRoom(room.gid);
publisher = live.getLocalParticipant(0, user.name, user.address);

document.getElementById('mute-video').onclick = function () {
  publisher.toggleMute(true);
};
document.getElementById('exit').onclick = function () {
  publisher.hangup();
  api.stop();
  window.open('login.html', '_self');
};
