// What an operator of these pages changes: where the backend is. index.html names the library.
const MESIBO_API_BACKEND = 'https://app.mesibo.com/conf/api.php';
const MESIBO_APP_ID = 'com.example.web';
