// Signing in, making and entering rooms as mesibo's old pages do: a form that isn't encoded, answers read as text, all kept in localStorage.
function send(request, heard) {
  const http = new XMLHttpRequest();
  http.open('POST', MESIBO_API_BACKEND, true);
  http.setRequestHeader('Content-type', 'application/x-www-form-urlencoded');
  http.onreadystatechange = function () {
    if (this.readyState !== 4) return;
    const answer = JSON.parse(this.responseText);
    document.getElementById('told').innerText = answer.op + ' ' + answer.result + ' ' + (answer.error || '');
    if (answer.result === 'OK') heard(answer);
  };
  http.send(request);
}

function value(id) {
  return document.getElementById(id).value;
}

function who() {
  return 'op=login&appid=' + MESIBO_APP_ID + '&name=' + value('name') + '&email=' + value('email');
}

function openRoom(room) {
  localStorage.setItem('room', JSON.stringify(room));
  window.open('index.html?room=' + room.gid, '_self');
}

document.getElementById('ask').onclick = function () {
  send(who(), function () {});
};
document.getElementById('login').onclick = function () {
  send(who() + '&code=' + value('code'), function (user) {
    localStorage.setItem('user', JSON.stringify(user));
  });
};
document.getElementById('create').onclick = function () {
  const token = JSON.parse(localStorage.getItem('user')).token;
  send('token=' + token + '&op=setgroup&name=' + value('room-name') + '&resolution=0', openRoom);
};
document.getElementById('enter').onclick = function () {
  const token = JSON.parse(localStorage.getItem('user')).token;
  send('token=' + token + '&op=joingroup&gid=' + value('room') + '&pin=' + value('pin'), openRoom);
};
