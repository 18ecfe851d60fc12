//! A TCP proxy in front of a database: can be cut, mended, and told to fail at a word on its way to the server.
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};

#[derive(Clone, Copy)]
enum At {
    /// Hand it over, then lose the answer.
    Answer,
    /// Don't even hand it over.
    Request,
}

struct State {
    /// Connections live while this is true; new ones are hung up on while it is false.
    up: watch::Sender<bool>,
    trap: Mutex<Option<(&'static str, At)>>,
    sprung: Notify,
}

pub(crate) struct Proxy {
    port: u16,
    state: Arc<State>,
}

impl Proxy {
    pub(crate) async fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state =
            Arc::new(State { up: watch::Sender::new(true), trap: Mutex::new(None), sprung: Notify::new() });
        tokio::spawn(accept(listener, server, state.clone()));
        Self { port, state }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Ends every connection and refuses new ones.
    pub(crate) async fn cut(&self) {
        self.state.up.send_replace(false);
    }

    pub(crate) fn mend(&self) {
        self.state.up.send_replace(true);
    }

    /// The next request that holds `word` is handed over; then everything is cut before an answer comes back.
    pub(crate) fn swallow_answer_to(&self, word: &'static str) {
        *self.state.trap.lock().unwrap() = Some((word, At::Answer));
    }

    /// Everything is cut in place of handing over the next request that holds `word`.
    pub(crate) fn hang_up_at(&self, word: &'static str) {
        *self.state.trap.lock().unwrap() = Some((word, At::Request));
    }

    /// Returns once the trap was sprung.
    pub(crate) async fn swallowed(&self) {
        self.state.sprung.notified().await;
    }
}

async fn accept(listener: TcpListener, server: u16, state: Arc<State>) {
    while let Ok((client, _)) = listener.accept().await {
        if !*state.up.borrow() {
            continue; // dropped: the client sees a connection that ends
        }
        let Ok(upstream) = TcpStream::connect(("127.0.0.1", server)).await else { continue };
        tokio::spawn(carry(client, upstream, state.clone()));
    }
}

async fn carry(client: TcpStream, server: TcpStream, state: Arc<State>) {
    let mut up = state.up.subscribe();
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let (mut asked, mut answered) = ([0; 16 * 1024], [0; 16 * 1024]);
    loop {
        tokio::select! {
            () = async { drop(up.wait_for(|up| !*up).await) } => return,
            read = from_client.read(&mut asked) => {
                let Ok(read @ 1..) = read else { return };
                let trap = sprung_by(&asked[..read], &state);
                if matches!(trap, Some(At::Request)) {
                    spring(&state);
                    return;
                }
                if to_server.write_all(&asked[..read]).await.is_err() {
                    return;
                }
                if trap.is_some() {
                    // the server answers, so it has done it; nobody hears of it
                    let _ = from_server.read(&mut answered).await;
                    spring(&state);
                    return;
                }
            }
            read = from_server.read(&mut answered) => {
                let Ok(read @ 1..) = read else { return };
                if to_client.write_all(&answered[..read]).await.is_err() {
                    return;
                }
            }
        }
    }
}

fn sprung_by(bytes: &[u8], state: &State) -> Option<At> {
    let mut trap = state.trap.lock().unwrap();
    let (word, at) = (*trap)?;
    let whole_word = |at: usize| {
        bytes[at..].starts_with(word.as_bytes())
            && !bytes.get(at + word.len()).is_some_and(u8::is_ascii_alphabetic)
    };
    (0..bytes.len()).any(whole_word).then(|| {
        *trap = None;
        at
    })
}

fn spring(state: &State) {
    state.up.send_replace(false);
    state.sprung.notify_one();
}
