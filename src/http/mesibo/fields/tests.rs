//! Any bytes in, never a panic, never another field's value.
use super::*;
use proptest::prelude::*;
use serde_json::{Map, json};

fn pairs(text: &str) -> Fields {
    Fields::of_pairs(text.as_bytes())
}

#[test]
fn forms_are_read_as_old_pages_send_them() {
    let fields = pairs("op=login&name=Ana María&email=ana@example.org&appid=");
    assert_eq!(fields.text("name"), "Ana María");
    assert_eq!(fields.text("email"), "ana@example.org");
    assert_eq!(fields.maybe("appid"), Some(""));
    assert_eq!(fields.maybe("code"), None);
    let encoded = pairs("op=login&name=Ana+Mar%C3%ADa&email=ana%40example.org&appid=");
    assert_eq!(encoded, fields);
    assert_eq!(pairs("name=100%&email=%zz%4").text("email"), "%zz%4");
}

#[test]
fn blanks_around_names_and_values_are_nothing() {
    let fields = pairs("%20op=joingroup&token= abc &gid = 96734 &pin=%2093799667");
    assert_eq!((fields.text("op"), fields.text("token")), ("joingroup", "abc"));
    assert_eq!((fields.text("gid"), fields.text("pin")), ("96734", "93799667"));
}

#[test]
fn json_numbers_are_texts_and_null_is_nothing() {
    let fields =
        Fields::of_json(br#"{"gid":96734,"pin":"93799667","code":null,"reset":true,"obj":{"x":[1]}}"#);
    assert_eq!((fields.text("gid"), fields.text("pin")), ("96734", "93799667"));
    assert_eq!((fields.maybe("code"), fields.text("reset")), (None, "1"));
    assert_eq!(fields.text("obj"), r#"{"x":[1]}"#);
    for other in ["", "[]", "7", "null", "{", "\"op\"", "{\"a\":1}x"] {
        assert_eq!(Fields::of_json(other.as_bytes()), Fields::default(), "{other}");
    }
}

#[test]
fn lists_come_in_every_form() {
    let wanted = vec!["919876543210".to_owned(), "4915123456789".to_owned()];
    for text in [
        "phones=919876543210,4915123456789",
        "phones=919876543210 , 4915123456789",
        "phones=[919876543210,\"4915123456789\"]",
        "phones[]=919876543210&phones[]=4915123456789",
        "phones[0]=919876543210&phones[1]=4915123456789",
        "phones%5B%5D=919876543210&phones%5B%5D=4915123456789",
    ] {
        assert_eq!(pairs(text).list("phones"), wanted, "{text}");
    }
    let json = Fields::of_json(br#"{"phones":[919876543210,"4915123456789",null]}"#);
    assert_eq!(json.list("phones"), wanted);
    for empty in ["phones=[]", "phones[]=", "phones=", "op=x"] {
        assert!(pairs(empty).list("phones").iter().all(String::is_empty), "{empty}");
    }
    assert_eq!(pairs("phones[]=1").maybe("phones"), None, "a list is no text");
}

#[test]
fn the_stronger_source_counts() {
    let merged = pairs("op=a&x=query").under(pairs("op=b&y=form")).under(Fields::of_json(br#"{"op":"c"}"#));
    assert_eq!((merged.text("op"), merged.text("x"), merged.text("y")), ("c", "query", "form"));
}

fn names() -> impl Strategy<Value = BTreeMap<String, String>> {
    prop::collection::btree_map("[a-z]{1,8}", any::<String>(), 0..12)
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let fields = Fields::of_pairs(&bytes).under(Fields::of_json(&bytes));
        for name in fields.0.keys() {
            let _ = (fields.text(name), fields.list(name));
        }
    }

    #[test]
    fn any_text_is_read(text in "[a-z\\[\\]=&%+,{}\": 0-9]{0,80}") {
        let fields = pairs(&text).under(Fields::of_json(text.as_bytes()));
        for name in fields.0.keys() {
            let _ = fields.list(name);
        }
    }

    /// What goes in under a name comes out under it, and under no other.
    #[test]
    fn each_encoding_keeps_each_value_to_its_name(given in names()) {
        let wanted: BTreeMap<&str, &str> =
            given.iter().map(|(name, value)| (name.as_str(), value.trim())).collect();
        let encoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(&given).finish();
        let object: Map<String, Value> =
            given.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        for fields in [pairs(&encoded), Fields::of_json(Value::Object(object).to_string().as_bytes())] {
            let found: BTreeMap<&str, &str> =
                fields.0.keys().map(|name| (name.as_str(), fields.text(name))).collect();
            prop_assert_eq!(&found, &wanted);
        }
    }

    /// A form that nobody encoded is damaged by what divides it, and by nothing else.
    #[test]
    fn plain_text_passes_unencoded(name in "[a-z]{1,8}", value in "[^&+%\\p{Cc}]{0,40}") {
        let fields = pairs(&format!("op=x1&{name}0={value}&z=last"));
        prop_assert_eq!(fields.text(&format!("{name}0")), value.trim());
        prop_assert_eq!((fields.text("op"), fields.text("z")), ("x1", "last"));
    }
}
