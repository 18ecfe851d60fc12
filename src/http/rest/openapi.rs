//! The OpenAPI 3.1 document, made from the route table.
use super::answers::Problem;
use super::body::BODY_BYTES;
use super::matching::params;
use super::route::{Access, Describe, Route, schema};
use crate::fault::Fault;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use warp::http::Method;

/// Where it is served.
pub const PATH: &str = "/v1/openapi.json";

const INTRODUCTION: &str = "Accounts, rooms, their people and what was said in them. Refusals are problem+json (RFC 9457) with a stable `code`. \
    Who asks: `Authorization: Bearer` with a session (`cvs_…`, given at sign-in), an API key (`cvk_…`), the owner secret of a \
    guest's room (`cvo_…`, given once when it is made) or a seat's access string (`cva_…`, given with each `joined` and \
    `resumed` of the WebSocket); or the session cookie, with which changes need `Sec-Fetch-Site: same-origin` or an \
    `Origin` of our own. Unknown fields are refused.";

/// Describes a table.
pub fn document(table: &[Route]) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
    });
    let inbound = &mut settings.clone().for_deserialize().into_generator();
    let outbound = &mut settings.for_serialize().into_generator();
    let problem = schema::<Problem>(outbound);
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for route in table {
        let operation = operation(route, inbound, outbound, &problem);
        paths.entry(route.path).or_default().insert(route.method.as_str().to_lowercase(), operation);
    }
    let mut schemas = inbound.take_definitions(true);
    schemas.extend(outbound.take_definitions(true));
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Convene", "version": env!("CARGO_PKG_VERSION"), "description": INTRODUCTION},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": {"type": "http", "scheme": "bearer", "description": "A session, cvs_…"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "convene",
                    "description": "The same as a cookie: convene, over TLS __Host-convene"},
                "key": {"type": "http", "scheme": "bearer", "description": "An API key, cvk_…; its scopes say what it may"},
                "owner": {"type": "http", "scheme": "bearer", "description": "The owner secret, cvo_…"},
                "seat": {"type": "http", "scheme": "bearer", "description": "A seat's access string, cva_…"}
            }
        }
    })
}

fn operation(
    route: &Route,
    inbound: &mut SchemaGenerator,
    outbound: &mut SchemaGenerator,
    problem: &schemars::Schema,
) -> Value {
    let mut operation = Map::new();
    operation.insert("operationId".into(), route.operation.into());
    operation.insert("summary".into(), route.summary.into());
    operation.insert("tags".into(), json!([tag(route.path)]));
    operation.insert("security".into(), security(route.access));
    operation.insert("parameters".into(), parameters(route, inbound).into());
    if let Some(body) = route.body {
        let schema = body(inbound);
        let about = format!("At most {BODY_BYTES} bytes, with a Content-Length.");
        operation.insert(
            "requestBody".into(),
            json!({"required": true, "description": about, "content": {"application/json": {"schema": schema}}}),
        );
    }
    let mut responses = refusals(route, problem);
    responses.insert(route.status.to_string(), good(route, outbound));
    if route.headers.iter().any(|(name, _)| *name == "If-None-Match") {
        responses.insert("304".into(), json!({"description": "Nothing changed."}));
    }
    operation.insert("responses".into(), responses.into());
    operation.into()
}

/// The heading under which a route is drawn.
fn tag(path: &str) -> &'static str {
    let mut parts = path.split('/').skip(2);
    match (parts.next(), parts.nth(1)) {
        (Some("rooms"), Some("participants")) => "People",
        (Some("rooms"), Some("messages" | "calls")) | (Some("calls"), _) => "History",
        (Some("rooms"), _) => "Rooms", // the room itself, its PINs, its tokens
        (Some("me"), _) => "My account",
        (Some("keys"), _) => "API keys",
        _ => "Signing in", // accounts, codes, passwords
    }
}

fn good(route: &Route, outbound: &mut SchemaGenerator) -> Value {
    match route.answer {
        Some(answer) => {
            let schema = answer(outbound);
            json!({"description": "Done.", "content": {"application/json": {"schema": schema}}})
        }
        None => json!({"description": "Done."}),
    }
}

fn security(access: Access) -> Value {
    match access {
        Access::Open => json!([]),
        Access::Makers | Access::Key => {
            json!([{}, {"session": []}, {"cookie": []}, {"key": []}, {"owner": []}, {"seat": []}])
        }
        Access::Asker(_) => {
            json!([{"session": []}, {"cookie": []}, {"key": []}, {"owner": []}, {"seat": []}])
        }
        Access::Account => json!([{"session": []}, {"cookie": []}]),
        Access::Lister(_) => json!([{"session": []}, {"cookie": []}, {"key": []}]),
    }
}

fn parameters(route: &Route, inbound: &mut SchemaGenerator) -> Vec<Value> {
    let in_path = params(route.path).map(|name| {
        json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "minLength": 1, "maxLength": 128}})
    });
    let mut all: Vec<Value> = in_path.collect();
    let in_headers = route.headers.iter().map(|(name, about)| {
        let schema = match *name {
            "Idempotency-Key" => json!({"type": "string", "pattern": "^[!-~]{16,128}$"}),
            _ => json!({"type": "string"}), // an ETag, or whatever else stands there: it matches or it doesn't
        };
        json!({"name": name, "in": "header", "required": false, "description": about, "schema": schema})
    });
    all.extend(in_headers);
    all.extend(route.query.into_iter().flat_map(|query| in_query(query, inbound)));
    all
}

/// A query's fields, each as a parameter of its own.
fn in_query(query: Describe, inbound: &mut SchemaGenerator) -> Vec<Value> {
    let reference = query(inbound);
    let name = reference.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    let whole = name.and_then(|name| inbound.definitions_mut().remove(name)).unwrap_or_default();
    let fields = whole.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    fields
        .into_iter()
        .map(|(name, schema)| {
            let about = schema.get("description").cloned().unwrap_or_default();
            json!({"name": name, "in": "query", "required": false, "description": about, "schema": schema})
        })
        .collect()
}

/// All refusals of a route, by status.
fn refusals(route: &Route, problem: &schemars::Schema) -> Map<String, Value> {
    let mut codes: BTreeMap<u16, Vec<&'static str>> = BTreeMap::new();
    let common = [
        Fault::TokenInvalid,
        Fault::field("", ""),
        Fault::RateLimited { retry_after_ms: 0 },
        Fault::NotFound,
        Fault::Internal,
        Fault::Unavailable,
        Fault::Busy,
    ];
    let of_bodies =
        [Fault::Malformed, Fault::LengthRequired, Fault::TooLarge { limit: 0 }, Fault::UnsupportedMedia];
    let needs_somebody = matches!(route.access, Access::Asker(_) | Access::Account | Access::Lister(_));
    let of_access = needs_somebody.then_some(Fault::Unauthenticated);
    let of_scopes = match route.access {
        Access::Lister(scope) => Some(Fault::Forbidden { right: scope.word() }),
        _ => None, // elsewhere a missing scope looks like an absent room
    };
    let by_cookie = (route.method != Method::GET).then_some(Fault::Csrf);
    let bodies = of_bodies.iter().filter(|_| route.body.is_some());
    for fault in common
        .iter()
        .chain(bodies)
        .chain(&of_access)
        .chain(&of_scopes)
        .chain(&by_cookie)
        .chain(route.refusals)
    {
        let of_status = codes.entry(fault.status()).or_default();
        if !of_status.contains(&fault.code()) {
            of_status.push(fault.code());
        }
    }
    let mut responses: Map<String, Value> =
        codes.into_iter().map(|(status, codes)| refusal(status, &codes, problem)).collect();
    if route.body.is_some() {
        let late = refusal(408, &[Fault::Malformed.code()], problem);
        responses.insert(late.0, late.1);
    }
    responses
}

fn refusal(status: u16, codes: &[&str], problem: &schemars::Schema) -> (String, Value) {
    let mut response = json!({
        "description": format!("Refused: {}.", codes.join(", ")),
        "content": {"application/problem+json": {
            "schema": {"allOf": [problem, {"properties": {"code": {"enum": codes}}}]}
        }}
    });
    if matches!(status, 429 | 503) {
        response["headers"] =
            json!({"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}});
    }
    (status.to_string(), response)
}
