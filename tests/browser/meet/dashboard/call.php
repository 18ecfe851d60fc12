<!-- The call page: one peer connection, one offer when the socket opens, whatever comes is answered (written for these tests). -->
<!doctype html>
<html lang="en">
<title>Call</title>
<video id="here" autoplay muted></video>
<video id="there" autoplay muted></video>
<button id="stop">End call</button>
<p id="message"></p>
<script>
  const room_id = new URLSearchParams(location.search).get('room');
  const tell = (text) => (document.getElementById('message').textContent = text);
  const pc = new RTCPeerConnection();
  let local;
  let ws;
  const say = (frame) => ws.send(JSON.stringify({ room_id, ...frame }));
  const heard = {
    async offer({ offer }) {
      await pc.setRemoteDescription(new RTCSessionDescription(offer));
      const answer = await pc.createAnswer();
      await pc.setLocalDescription(answer);
      say({ type: 'answer', answer });
    },
    answer: ({ answer }) => pc.setRemoteDescription(new RTCSessionDescription(answer)),
    candidate: ({ candidate }) => pc.addIceCandidate(new RTCIceCandidate(candidate)),
  };
  function connect() {
    ws = new WebSocket('ws://0.0.0.0:8000'); // the operator writes the server's address here
    ws.onopen = async () => {
      await pc.setLocalDescription(await pc.createOffer());
      say({ type: 'offer', offer: pc.localDescription });
    };
    ws.onmessage = async ({ data }) => {
      try {
        const frame = JSON.parse(data);
        await heard[frame.type]?.(frame);
      } catch (error) {
        tell(`Error in call signaling: ${error}`);
      }
    };
    ws.onclose = () => tell('WebSocket connection closed');
  }
  pc.onicecandidate = ({ candidate }) => candidate && say({ type: 'candidate', candidate });
  pc.ontrack = ({ streams }) => (document.getElementById('there').srcObject = streams[0]);
  navigator.mediaDevices.getUserMedia({ video: true, audio: true }).then((stream) => {
    local = stream;
    document.getElementById('here').srcObject = stream;
    stream.getTracks().forEach((track) => pc.addTrack(track, stream));
    connect();
  });
  document.getElementById('stop').addEventListener('click', () => {
    pc.close();
    local.getTracks().forEach((track) => track.stop());
    ws.close();
    location.href = 'dashboard.php';
  });
</script>
</html>
