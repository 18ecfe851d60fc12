<!-- The page that takes the code of a sign-up (written for these tests). -->
<!doctype html>
<html lang="en">
<title>Code</title>
<form><input id="code"><button>Verify</button></form>
<p id="message"></p>
<script>
  document.querySelector('form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const answer = await fetch('../../server/auth/verify.php', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ code: document.getElementById('code').value }),
    });
    const { success, message } = await answer.json();
    if (success) location.href = '../login.php?success=Email verified successfully!';
    else document.getElementById('message').textContent = message;
  });
</script>
</html>
