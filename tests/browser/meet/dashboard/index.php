<!-- The dashboard: who one is, starting and joining calls, calls of before (written for these tests). -->
<!doctype html>
<html lang="en">
<title>Dashboard</title>
<p id="who"></p>
<button id="start">Start</button>
<input id="room"><button id="join">Join</button>
<button id="logout">Log out</button>
<p id="message"></p>
<ul id="calls"></ul>
<script>
  const show = (id, text) => (document.getElementById(id).textContent = text);
  const ask = async (script, options = {}) => {
    const headers = { 'Content-Type': 'application/json' };
    return (await fetch(`../../server/${script}`, { headers, ...options })).json();
  };
  const go = (room) => (location.href = `call.php?room=${room}`);
  ask('auth/check_session.php').then(({ success, user }) => {
    if (success) show('who', `${user.username} ${user.email}`);
    else location.href = '../login.php?error=Please log in';
  });
  ask('call/call_history.php').then(({ success, calls }) => {
    for (const call of success ? calls : []) {
      const line = document.createElement('li');
      line.textContent = `${call.room_id} ${new Date(call.created_at).getFullYear()} ${call.duration || 'N/A'}`;
      document.getElementById('calls').append(line);
    }
  });
  document.getElementById('start').addEventListener('click', async () => {
    const { success, room_id, message } = await ask('call/start_call.php', { method: 'POST' });
    if (success) go(room_id);
    else show('message', message);
  });
  document.getElementById('join').addEventListener('click', async () => {
    const room_id = document.getElementById('room').value.trim();
    const { success, message } = await ask('call/join_call.php', { method: 'POST', body: JSON.stringify({ room_id }) });
    if (success) go(room_id);
    else show('message', message);
  });
  document.getElementById('logout').addEventListener('click', async () => {
    await ask('auth/logout.php', { method: 'POST' });
    location.href = '../login.php';
  });
</script>
</html>
