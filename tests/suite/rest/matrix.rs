//! Every route of the OpenAPI document × every kind of caller, compared with a written table.
use super::ask::{Ask, ask};
use super::person::Person;
use crate::common::{Convene, db};
use convene::auth::session::{Token, TokenKind};
use convene::http::rest::{openapi, table};
use convene::room::ids::{LoginId, Millis, UserId};
use convene::store::audit::{Actor, By};
use convene::store::sessions::{self, NewSession, Opened, Proof};
use convene::store::users::{self, Address, Made, NewUser, Rank};
use convene::store::{Store, keys};
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// Who asks about a room of Ana's: nobody · a made-up session · somebody disabled · another user · another's key with all
/// scopes · Ana's key without the scope · Ana's key with all scopes · the operator's key · Ana's cookie without proof ·
/// Ana's cookie · Ana.
const CALLERS: usize = 11;

/// Statuses in that order.
const EXPECTED: &[(&str, [u16; CALLERS])] = &[
    // signing up and in: everybody, but bad tokens and cookies without proof
    ("register", [202, 401, 401, 202, 202, 202, 202, 202, 403, 202, 202]),
    ("verify", [401, 401, 401, 401, 401, 401, 401, 401, 403, 401, 401]),
    ("login", [401, 401, 401, 401, 401, 401, 401, 401, 403, 401, 401]),
    ("askLoginCode", [202, 401, 401, 202, 202, 202, 202, 202, 403, 202, 202]),
    ("loginByCode", [401, 401, 401, 401, 401, 401, 401, 401, 403, 401, 401]),
    ("resendCode", [401, 401, 401, 401, 401, 401, 401, 401, 403, 401, 401]),
    ("forgotPassword", [202, 401, 401, 202, 202, 202, 202, 202, 403, 202, 202]),
    ("resetPassword", [401, 401, 401, 401, 401, 401, 401, 401, 403, 401, 401]),
    // one's own account: whoever is signed in, each their own
    ("getMe", [401, 401, 401, 200, 401, 401, 401, 401, 200, 200, 200]),
    ("changeMe", [401, 401, 401, 200, 401, 401, 401, 401, 403, 200, 200]),
    ("changePassword", [401, 401, 401, 204, 401, 401, 401, 401, 403, 204, 403]),
    ("exportMe", [401, 401, 401, 200, 401, 401, 401, 401, 200, 200, 200]),
    ("listMyEvents", [401, 401, 401, 200, 401, 401, 401, 401, 200, 200, 200]),
    ("giveEmail", [401, 401, 401, 202, 401, 401, 401, 401, 403, 202, 202]),
    ("confirmEmail", [401, 401, 401, 401, 401, 401, 401, 401, 403, 401, 401]),
    ("removeEmail", [401, 401, 401, 422, 401, 401, 401, 401, 403, 422, 422]),
    ("givePhone", [401, 401, 401, 202, 401, 401, 401, 401, 403, 202, 202]),
    ("confirmPhone", [401, 401, 401, 401, 401, 401, 401, 401, 403, 401, 401]),
    ("removePhone", [401, 401, 401, 204, 401, 401, 401, 401, 403, 204, 204]),
    ("listSessions", [401, 401, 401, 200, 401, 401, 401, 401, 200, 200, 200]),
    ("endSession", [401, 401, 401, 404, 401, 401, 401, 401, 403, 404, 404]),
    ("endOtherSessions", [401, 401, 401, 204, 401, 401, 401, 401, 403, 204, 204]),
    ("listKeys", [401, 401, 401, 200, 401, 401, 401, 401, 200, 200, 200]),
    ("createKey", [401, 401, 401, 201, 401, 401, 401, 401, 403, 201, 201]),
    ("revokeKey", [401, 401, 401, 404, 401, 401, 401, 401, 403, 404, 404]),
    // rooms
    ("createRoom", [201, 401, 401, 201, 201, 403, 201, 201, 403, 201, 201]),
    ("listRooms", [401, 401, 401, 200, 200, 403, 200, 200, 200, 200, 200]),
    ("listMyCalls", [401, 401, 401, 200, 200, 403, 200, 200, 200, 200, 200]),
    ("getRoom", [200, 401, 401, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("claimRoom", [401, 401, 401, 404, 401, 401, 401, 401, 403, 200, 200]),
    ("listParticipants", [401, 401, 401, 404, 404, 404, 200, 200, 200, 200, 200]),
    ("changeParticipant", [401, 401, 401, 404, 404, 404, 404, 404, 403, 404, 404]),
    ("removeParticipant", [401, 401, 401, 404, 404, 404, 404, 404, 403, 404, 404]),
    ("listMessages", [401, 401, 401, 404, 404, 404, 200, 200, 200, 200, 200]),
    ("listCalls", [401, 401, 401, 404, 404, 404, 200, 200, 200, 200, 200]),
    ("updateRoom", [401, 401, 401, 404, 404, 404, 200, 200, 403, 200, 200]),
    ("rotatePins", [401, 401, 401, 404, 404, 404, 200, 200, 403, 200, 200]),
    ("createRoomToken", [401, 401, 401, 404, 404, 404, 201, 201, 403, 201, 201]),
    ("endRoomTokens", [401, 401, 401, 404, 404, 404, 204, 204, 403, 204, 204]),
    // what can't be done twice
    ("endRoom", [401, 401, 401, 404, 404, 404, 204, 204, 403, 204, 204]),
    ("deleteMe", [401, 401, 401, 202, 401, 401, 401, 401, 403, 202, 401]),
    ("logout", [401, 401, 401, 204, 401, 401, 401, 401, 403, 204, 401]),
];

/// What these leave behind is of no use to the others.
const ENDING: [&str; 4] = ["endRoom", "deleteMe", "logout", "changePassword"];

/// A good body, as far as one can be without knowing a secret; addresses are new each time.
fn body_of(operation: &str, turn: usize) -> Option<Value> {
    let email = format!("{}{turn}@example.org", operation.to_lowercase());
    let shown = json!({"flow": "0".repeat(32), "code": "123456"});
    Some(match operation {
        "register" => json!({"name": "Cleo", "email": email}),
        "verify" | "loginByCode" | "confirmEmail" | "confirmPhone" => shown,
        "login" => json!({"login": email, "password": "wrong password"}),
        "askLoginCode" | "forgotPassword" | "giveEmail" => json!({"email": email}),
        "givePhone" => json!({"phone": format!("+49 30 9018{turn:02}")}),
        "resendCode" => json!({"flow": "0".repeat(32)}),
        "resetPassword" => {
            json!({"token": format!("cvr_{}", "A".repeat(43)), "password": "eleven loud walruses"})
        }
        "changeMe" | "updateRoom" => json!({"name": "Renamed"}),
        "changePassword" => json!({"password": "eleven loud walruses"}),
        "deleteMe" => json!({"password": "eleven loud walruses"}),
        "createKey" => json!({"name": "key", "scopes": ["rooms:read"]}),
        "claimRoom" => json!({"owner_secret": format!("cvo_{}", "A".repeat(43))}),
        "changeParticipant" => json!({"revoke": ["chat"]}),
        "rotatePins" => json!({"pin": true}),
        "createRoomToken" => json!({"subject": "student-17"}),
        "createRoom" => json!({}),
        _ => return None, // has no body
    })
}

/// Somebody who is signed in without having signed up.
async fn somebody<'a>(server: &'a Convene, store: &Store, name: &str) -> Person<'a> {
    let at = now();
    let by = By { actor: Actor::Operator, source: None, at };
    let email = format!("{name}@example.org");
    let id = UserId(Uuid::now_v7());
    let new = NewUser {
        id,
        name: name.to_owned(),
        username: None,
        addresses: vec![Address::Email { text: email.clone(), key: email.clone() }],
        password_hash: None,
        rank: Rank::Member,
        locale: "en".to_owned(),
    };
    assert_eq!(users::make(store, &by, &new, &[]).await.unwrap(), Made::Made);
    let token = Token::random(TokenKind::Session);
    let session = NewSession {
        id: LoginId(Uuid::now_v7()),
        token_hash: token.hash(),
        device: "test".to_owned(),
        face: "native".into(),
        expires_at: at.plus(3_600_000),
    };
    let proof = Proof::Password { changed_at: None };
    let opened = sessions::open(store, &by, id, proof, &session, &[]).await.unwrap();
    assert!(matches!(opened, Opened::Opened(_)));
    let entered = json!({"user": {"id": id.to_string()}, "session": {"id": session.id.to_string()}, "token": token.as_str()});
    Person::of(server, email, &entered)
}

async fn operators_key(store: &Store) -> String {
    let secret = Token::random(TokenKind::ApiKey);
    let new = keys::NewKey {
        id: convene::room::ids::KeyId(Uuid::now_v7()),
        name: "operator".to_owned(),
        owner: None,
        scopes: "rooms:read rooms:write moderate events:read".to_owned(),
        secret_hash: secret.hash(),
        prefix: secret.beginning().to_owned(),
        expires_at: None,
    };
    let by = By { actor: Actor::Operator, source: None, at: now() };
    keys::make(store, &by, &new, 1).await.unwrap();
    secret.as_str().to_owned()
}

fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Millis(i64::try_from(since.as_millis()).unwrap())
}

/// What each caller shows.
enum Shows {
    Nothing,
    Bearer(String),
    Cookie(String),
    CookieAndProof(String),
}

impl Shows {
    fn on<'a>(&self, ask: Ask<'a>) -> Ask<'a> {
        match self {
            Self::Nothing => ask,
            Self::Bearer(token) => ask.shows(token),
            Self::Cookie(token) => ask.with("cookie", &format!("convene={token}")),
            Self::CookieAndProof(token) => {
                ask.with("cookie", &format!("convene={token}")).with("sec-fetch-site", "same-origin")
            }
        }
    }
}

/// Ana's room, and everyone who may ask about it.
async fn callers(server: &Convene, store: &Store, turn: usize) -> (Vec<Shows>, String) {
    const ALL: &[&str] = &["rooms:read", "rooms:write", "moderate", "events:read"];
    let ana = somebody(server, store, &format!("ana{turn}")).await;
    let ben = somebody(server, store, &format!("ben{turn}")).await;
    let dis = somebody(server, store, &format!("dis{turn}")).await;
    let by = By { actor: Actor::Operator, source: None, at: now() };
    users::disable(store, &by, dis.id.parse().unwrap()).await.unwrap();
    let keys = [ben.makes_key(ALL).await, ana.makes_key(&["events:read"]).await, ana.makes_key(ALL).await];
    let room = ana.makes_room().await;
    let [bens, weak, full] = keys.map(Shows::Bearer);
    let shown = vec![
        Shows::Nothing,
        Shows::Bearer(Token::random(TokenKind::Session).as_str().to_owned()),
        Shows::Bearer(dis.token),
        Shows::Bearer(ben.token),
        bens,
        weak,
        full,
        Shows::Bearer(operators_key(store).await),
        Shows::Cookie(ana.token.clone()),
        Shows::CookieAndProof(ana.token.clone()),
        Shows::Bearer(ana.token),
    ];
    (shown, room)
}

pub(crate) async fn every_route_gives_every_caller_what_the_table_says(server: &Convene) {
    let store = db::open(&server.database_url()).await;
    let document = openapi::document(&table::table());
    let (mut asked, mut wrong) = (1, Vec::new());
    let lasting = callers(server, &store, 0).await;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            let Some((_, expected)) = EXPECTED.iter().find(|(row, _)| *row == name) else {
                wrong.push(format!("{name} has no row"));
                continue;
            };
            let fresh =
                if ENDING.contains(&name) { Some(callers(server, &store, asked).await) } else { None };
            let (shown, room) = fresh.as_ref().unwrap_or(&lasting);
            let path = path
                .replace("/v1/rooms/{key}", room)
                .replace("{peer}", "p_nobody")
                .replace("{id}", &"0".repeat(32));
            for (turn, (shows, status)) in shown.iter().zip(expected).enumerate() {
                asked += 1;
                let mut question = ask(server, &method.to_uppercase(), &path);
                if let Some(body) = body_of(name, turn) {
                    question = question.json(&body);
                }
                let answer = shows.on(question).answer().await;
                if answer.status != *status {
                    wrong.push(format!("{name} by {turn}: {} not {status}: {}", answer.status, answer.text));
                }
            }
        }
    }
    eprintln!("routes × callers: {} asked, {} surprises", asked - 1, wrong.len());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    store.close().await.unwrap();
}
