<!-- The page that asks for a link to a new password; it looks at the status, too (written for these tests). -->
<!doctype html>
<html lang="en">
<title>Forgotten</title>
<form><input id="email"><button>Send</button></form>
<p id="message"></p>
<script>
  document.querySelector('form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const answer = await fetch('../server/auth/forgot.php', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: document.getElementById('email').value }),
    });
    const { message } = await answer.json();
    document.getElementById('message').textContent = answer.ok ? message : `failed: ${message}`;
  });
</script>
</html>
