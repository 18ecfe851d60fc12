//! The OpenAPI document says what the table says, and holds together.
use convene::http::rest::{openapi, table};
use serde_json::Value;

fn document() -> Value {
    openapi::document(&table::table())
}

fn each(value: &Value, visit: &mut impl FnMut(&Value)) {
    visit(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| each(item, visit)),
        Value::Object(members) => members.values().for_each(|member| each(member, visit)),
        _ => {} // nothing inside
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut seen = 0;
    each(&document, &mut |value| {
        let Some(reference) = value.get("$ref").and_then(Value::as_str) else { return };
        let pointer = reference.strip_prefix('#').expect("references stay in the document");
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
        seen += 1;
    });
    assert!(seen > 20, "{seen} references");
}

#[test]
fn every_route_is_described_once() {
    let document = document();
    let mut operations = Vec::new();
    for route in table::table() {
        let method = route.method.as_str().to_lowercase();
        let operation = &document["paths"][route.path][&method];
        assert_eq!(operation["operationId"], route.operation);
        assert!(!operations.contains(&route.operation), "{} is there twice", route.operation);
        operations.push(route.operation);
        assert_eq!(operation.get("requestBody").is_some(), route.body.is_some(), "{}", route.operation);
        let responses = &operation["responses"];
        assert!(responses[route.status.to_string()].is_object(), "{}", route.operation);
        for refusal in route.refusals {
            let response = &responses[refusal.status().to_string()];
            let content = response["content"]["application/problem+json"].to_string();
            assert!(content.contains(refusal.code()), "{}: {}", route.operation, refusal.code());
        }
        let in_path = route.path.matches('{').count();
        let named = operation["parameters"].as_array().unwrap();
        assert_eq!(named.iter().filter(|one| one["in"] == "path").count(), in_path);
    }
    let described: usize =
        document["paths"].as_object().unwrap().values().map(|path| path.as_object().unwrap().len()).sum();
    assert_eq!(described, operations.len());
}

#[test]
fn bodies_are_closed_and_typed() {
    let document = document();
    for name in ["CreateRoom", "UpdateRoom", "RotatePins", "ChangeParticipant", "PolicyPatch"] {
        let schema = &document["components"]["schemas"][name];
        assert_eq!(schema["additionalProperties"], false, "{name} in {schema}");
        assert!(schema.get("required").is_none(), "{name}: every field may be left out");
        for (field, schema) in schema["properties"].as_object().unwrap() {
            let is_typed = ["type", "$ref", "anyOf", "allOf"].iter().any(|key| schema.get(key).is_some());
            assert!(is_typed, "{name}.{field} is {schema}");
            let takes_null = schema.get("type").is_some_and(|kind| kind.to_string().contains("null"));
            assert_eq!(takes_null, field == "spotlight", "{name}.{field} is {schema}");
        }
    }
    let fields = document["paths"]["/v1/rooms/{key}/messages"]["get"]["parameters"].as_array().unwrap();
    let named: Vec<_> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
    assert_eq!(named, ["key", "after", "before", "limit", "search"]);
}

#[test]
fn the_shapes_of_the_socket_are_those_of_rest() {
    let document = document();
    let fields = |name: &str| -> Vec<String> {
        document["components"]["schemas"][name]["properties"].as_object().unwrap().keys().cloned().collect()
    };
    for field in ["id", "code", "name", "locked", "capacity", "policy", "version", "keys", "pins"] {
        assert!(fields("Room").contains(&field.to_owned()), "Room has no {field}: {:?}", fields("Room"));
        assert!(fields("RoomAndPeople").contains(&field.to_owned()), "RoomAndPeople has no {field}");
    }
    assert!(fields("Message").contains(&"reactions".to_owned()));
    assert!(fields("Participant").contains(&"rights".to_owned()));
}
