//! Drawn people before a camera, for pictures of the page: a function to run in a page, and how each person looks.

export const LOOKS = {
  ana: { wall: ['#e9dcc6', '#cdb595'], scene: 'plant', skin: '#c98d68', shade: '#a96f4e', hair: '#2b1b16', cut: 'bob', top: '#2c7062', collar: '#235a4f' },
  jonas: { wall: ['#cfdbe6', '#a9bfd1'], scene: 'shelf', skin: '#ecc1a1', shade: '#cf9c7c', hair: '#8f5d2c', cut: 'short', beard: true, top: '#27395a', collar: '#1d2b46' },
  mei: { wall: ['#e3dcee', '#c4b7da'], scene: 'window', skin: '#f0cfab', shade: '#d5ab86', hair: '#17161c', cut: 'long', glasses: true, top: '#b4513c', collar: '#93402e' },
  samuel: { wall: ['#d5e3d4', '#a8c2a9'], scene: 'lamp', skin: '#7c4f35', shade: '#5f3a26', hair: '#140f0d', cut: 'crop', top: '#e2b34a', collar: '#c4953a' },
};

/** Runs in the page, before anything else: its camera is a drawing that moves a little, its microphone hums if it `speaks`. */
export function drawnCamera({ look, speaks }) {
  const W = 960;
  const H = 540;
  const canvas = Object.assign(document.createElement('canvas'), { width: W, height: H });
  const pen = canvas.getContext('2d');
  const fill = (colour, draw) => {
    pen.fillStyle = colour;
    pen.beginPath();
    draw();
    pen.fill();
  };
  const round = (x, y, w, h, r) => pen.roundRect(x, y, w, h, r);
  const oval = (x, y, rx, ry) => pen.ellipse(x, y, rx, ry, 0, 0, Math.PI * 2);
  const box = (colour, x, y, w, h, r = 0) => fill(colour, () => round(x, y, w, h, r));

  const scenes = {
    plant() {
      for (let leaf = 0; leaf < 7; leaf += 1) {
        pen.save();
        pen.translate(130, 400);
        pen.rotate(-1.2 + leaf * 0.38);
        fill(leaf % 2 ? '#5d8c5a' : '#47764a', () => oval(0, -120, 26, 120));
        pen.restore();
      }
      box('#b56b45', 75, 390, 110, 150, 12);
      box('#fff7e8', 700, 70, 190, 140);
      box('#d98d5d', 716, 86, 158, 108);
      fill('#f5e3ad', () => oval(770, 130, 26, 26));
    },
    shelf() {
      box('#7e95ab', 30, 50, 260, 440, 8);
      const spines = ['#e0c07c', '#4b6c86', '#8fb077', '#cf6e4f', '#dcd6c8', '#38526d'];
      for (let row = 0; row < 3; row += 1) {
        box('#647c93', 44, 66 + row * 140, 232, 120);
        for (let book = 0; book < 6; book += 1) box(spines[(book + row * 2) % 6], 54 + book * 37, 86 + row * 140 + ((book * 13) % 25), 29, 100 - ((book * 13) % 25));
      }
      box('#f2f5f7', 730, 90, 180, 130);
      box('#9dbd94', 744, 104, 152, 102);
    },
    window() {
      box('#ffffff', 640, 40, 290, 330);
      box('#bfe0ee', 656, 56, 122, 298);
      box('#d0eaf3', 792, 56, 122, 298);
      fill('#8bb58a', () => oval(720, 360, 90, 50));
      box('#a290b8', 40, 300, 190, 14);
      box('#cf8266', 70, 220, 34, 80);
      box('#6f8aa8', 110, 200, 34, 100);
      box('#7b6aa0', 150, 235, 30, 65);
    },
    lamp() {
      box('#8c6f4e', 760, 250, 10, 290);
      fill('#fbe7b2', () => {
        pen.moveTo(715, 130);
        pen.lineTo(815, 130);
        pen.lineTo(860, 260);
        pen.lineTo(670, 260);
      });
      box('#5f7f66', 40, 90, 230, 160);
      box('#e9dfc2', 54, 104, 202, 132);
      fill('#7fa08a', () => {
        pen.moveTo(54, 236);
        pen.lineTo(130, 140);
        pen.lineTo(190, 200);
        pen.lineTo(220, 170);
        pen.lineTo(256, 236);
      });
      box('#7c5a43', 0, 430, 330, 110, 30);
    },
  };

  const behind = {
    bob: () => round(385, 130, 190, 250, 90),
    long: () => round(378, 122, 204, 330, 96),
  };
  const above = {
    bob() {
      pen.moveTo(388, 250);
      pen.bezierCurveTo(380, 70, 580, 70, 572, 250);
      pen.bezierCurveTo(560, 190, 520, 168, 470, 172);
      pen.bezierCurveTo(430, 178, 400, 200, 388, 250);
    },
    long() {
      pen.moveTo(386, 260);
      pen.bezierCurveTo(376, 66, 584, 66, 574, 260);
      pen.bezierCurveTo(566, 200, 548, 176, 530, 168);
      pen.bezierCurveTo(480, 196, 420, 190, 404, 196);
      pen.bezierCurveTo(394, 214, 388, 236, 386, 260);
    },
    short() {
      pen.moveTo(394, 226);
      pen.bezierCurveTo(376, 80, 560, 60, 568, 150);
      pen.bezierCurveTo(576, 176, 570, 204, 566, 226);
      pen.bezierCurveTo(556, 190, 540, 172, 520, 166);
      pen.bezierCurveTo(470, 182, 424, 172, 410, 182);
      pen.bezierCurveTo(400, 196, 398, 210, 394, 226);
    },
    crop() {
      pen.moveTo(394, 220);
      pen.bezierCurveTo(386, 88, 574, 88, 566, 220);
      pen.bezierCurveTo(552, 168, 520, 156, 480, 156);
      pen.bezierCurveTo(440, 156, 408, 168, 394, 220);
    },
  };

  const person = (blink) => {
    if (behind[look.cut]) fill(look.hair, behind[look.cut]);
    fill(look.top, () => {
      pen.moveTo(220, 560);
      pen.bezierCurveTo(230, 430, 330, 412, 420, 392);
      pen.lineTo(540, 392);
      pen.bezierCurveTo(630, 412, 730, 430, 740, 560);
    });
    fill(look.collar, () => oval(480, 400, 66, 34));
    fill(look.shade, () => round(436, 320, 88, 100, 42));
    fill(look.skin, () => oval(480, 392, 52, 28));
    fill(look.shade, () => oval(390, 252, 15, 26));
    fill(look.shade, () => oval(570, 252, 15, 26));
    fill(look.skin, () => oval(480, 248, 90, 118));
    if (look.beard) {
      fill(look.hair, () => {
        pen.moveTo(391, 262);
        pen.bezierCurveTo(396, 400, 564, 400, 569, 262);
        pen.bezierCurveTo(552, 306, 530, 296, 480, 296);
        pen.bezierCurveTo(430, 296, 408, 306, 391, 262);
      });
    }
    fill(look.hair, above[look.cut]);
    for (const x of [446, 514]) {
      fill('#ffffff', () => oval(x, 246, 15, blink ? 1 : 10));
      fill('#2a1d18', () => oval(x, 246, 7, blink ? 1 : 8));
      box(look.hair, x - 18, 222, 36, 6, 3);
    }
    fill(look.shade, () => oval(480, 278, 12, 8));
    pen.lineCap = 'round';
    pen.lineWidth = 6;
    pen.strokeStyle = '#7d352d';
    pen.beginPath();
    pen.moveTo(452, 312);
    pen.quadraticCurveTo(480, 336, 508, 312);
    pen.stroke();
    if (!look.glasses) return;
    pen.lineWidth = 5;
    pen.strokeStyle = '#2b2f3a';
    pen.beginPath();
    pen.moveTo(474, 240);
    pen.lineTo(486, 240);
    pen.stroke();
    for (const x of [418, 486]) {
      pen.beginPath();
      round(x, 224, 56, 46, 18);
      pen.stroke();
    }
  };

  const room = Object.assign(document.createElement('canvas'), { width: W, height: H });
  const draw = (time) => {
    const light = pen.createLinearGradient(0, 0, W, H);
    light.addColorStop(0, look.wall[0]);
    light.addColorStop(1, look.wall[1]);
    if (!draw.ready) {
      pen.fillStyle = light;
      pen.fillRect(0, 0, W, H);
      scenes[look.scene]();
      const far = room.getContext('2d');
      far.filter = 'blur(5px)';
      far.drawImage(canvas, 0, 0);
      draw.ready = true;
    }
    pen.drawImage(room, 0, 0);
    pen.save();
    pen.translate(480 + Math.sin(time / 900) * 4, 300);
    pen.scale(1.12, 1.12);
    pen.translate(-480, -268);
    person(time % 4000 < 120);
    pen.restore();
  };
  setInterval(() => draw(performance.now()), 100);
  draw(1000);

  const microphone = () => {
    const context = new AudioContext();
    const out = context.createMediaStreamDestination();
    const tone = context.createOscillator();
    const level = context.createGain();
    level.gain.value = speaks ? 0.25 : 0;
    tone.connect(level).connect(out);
    tone.start();
    return out.stream.getAudioTracks()[0];
  };
  navigator.mediaDevices.getUserMedia = async ({ audio, video }) => new MediaStream([...(audio ? [microphone()] : []), ...(video ? canvas.captureStream(10).getVideoTracks() : [])]);
}
