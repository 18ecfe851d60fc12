<!-- The page that a mailed link opens; it asks one folder too low, as Meet's does (written for these tests). -->
<!doctype html>
<html lang="en">
<title>New password</title>
<form><input id="password" type="password"><button>Set</button></form>
<p id="message"></p>
<script>
  const token = new URLSearchParams(location.search).get('token');
  document.querySelector('form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const answer = await fetch('../server/auth/reset.php', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token, password: document.getElementById('password').value }),
    });
    const { message } = await answer.json();
    document.getElementById('message').textContent = answer.ok ? message : `failed: ${message}`;
    if (answer.ok) location.href = 'login.html';
  });
</script>
</html>
