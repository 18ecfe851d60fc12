//! Sockets that say nothing are ended by the engine's own deadlines; whoever comes then finds all well.
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::time::timeout;

use super::client::{Client, last_close, text};
use crate::common::Convene;

/// Longer than a ping's turn (20 s) and the wait for its answer (10 s) together.
const LONGEST: Duration = Duration::from_secs(60);

/// Says `frames`, then nothing, not even a pong; answers with the code of the close frame that ends it.
async fn falls_silent(convene: &Convene, frames: &[&str]) -> u16 {
    let address = convene.url("http", "").trim_start_matches("http://").parse().expect("an address");
    let mut client = Client::connect(address).await;
    assert_eq!(client.upgrade("/v1/connect", "").await.status(), 101);
    for frame in frames {
        client.says(&text(frame)).await;
    }
    let mut heard = Vec::new();
    timeout(LONGEST, client.stream.read_to_end(&mut heard)).await.expect("it is ended").ok();
    last_close(&heard)
}

#[tokio::test]
async fn deadlines_end_the_silent_and_nobody_else() {
    let convene = Convene::start().await;
    let room = convene.plain_room().await;
    let hello = [r#"{"type":"hello","protocol":1}"#];
    let codes = tokio::join!(falls_silent(&convene, &[]), falls_silent(&convene, &hello));
    assert_eq!(codes, (4301, 4001));
    let mut ana = convene.joins("Ana", &room).await;
    ana.says("all is well").await;
    drop(ana);
    convene.stop().await;
}
