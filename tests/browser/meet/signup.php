<!-- A sign-up page that asks its server as Meet's does (written for these tests). -->
<!doctype html>
<html lang="en">
<title>Sign up</title>
<form>
  <input id="username"><input id="email"><input id="password" type="password">
  <button>Sign up</button>
</form>
<p id="message"><?php echo 'never shown'; ?></p>
<script>
  document.querySelector('form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const [username, email, password] = ['username', 'email', 'password'].map((id) => document.getElementById(id).value);
    const answer = await fetch('../server/auth/signup.php', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username, email, password }),
    });
    const { success, message } = await answer.json();
    if (success) location.href = 'verify/signup.php';
    else document.getElementById('message').textContent = message;
  });
</script>
</html>
