<!-- The sign-in page (written for these tests). -->
<!doctype html>
<html lang="en">
<title>Log in</title>
<form><input id="email"><input id="password" type="password"><button>Log in</button></form>
<p id="message"></p>
<script>
  document.querySelector('form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const answer = await fetch('../server/auth/login.php', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: document.getElementById('email').value, password: document.getElementById('password').value }),
    });
    const { success, message } = await answer.json();
    if (success) location.href = './dashboard';
    else document.getElementById('message').textContent = message;
  });
</script>
</html>
