//! The JSON reader of `src/wire`: it reads what serde writes, and never panics.

use super::{config, text_of};
use kith::error::KithError;
use kith::model::{
    Batch, ClientId, Conversation, Cursor, Event, EventId, EventKind, GroupId, Message, Person,
    Quote, Role, Snapshot, SystemLine, Timestamp, UserId,
};
use kith::wire;
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value};

/// Field names and values that Kith uses, so that random trees come close to what it reads.
const WORDS: &[&str] = &[
    "kind",
    "message",
    "conversation",
    "direct",
    "group",
    "seq",
    "id",
    "text",
    "error",
    "detail",
    "invalid",
    "cursor",
    "events",
    "k3f9.12",
    "user-3",
    "system",
    "line",
    "unauthorised",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![3 => prop::sample::select(WORDS).prop_map(str::to_owned), 1 => any::<String>()]
}

fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        // Eighths are exact: serde_json reads other fractions with an error in the last digit.
        any::<i32>().prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 6, |inner| {
        let object = prop::collection::vec((word(), inner.clone()), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(Value::from),
            object.prop_map(|fields| Value::from(Map::from_iter(fields))),
        ]
    })
}

fn message() -> impl Strategy<Value = Message> {
    let text = || text_of(&["<b>", "\"", "\\", "@{1}", "你好", "\n", "\u{2028}"]);
    let quote = (any::<i64>(), any::<i64>(), text());
    let quote = quote.prop_map(|(seq, by, text)| Quote { seq, sender: UserId(by), text });
    let system = prop_oneof![
        Just(SystemLine::Created),
        Just(SystemLine::Left),
        any::<i64>().prop_map(|by| SystemLine::Joined { by: UserId(by) }),
        text().prop_map(|name| SystemLine::Renamed { name }),
        any::<i64>().prop_map(|user| SystemLine::RoleSet { user: UserId(user), role: Role::Admin }),
    ];
    let ids = (any::<i64>(), any::<i64>(), any::<i64>(), any::<i64>());
    let client_id = prop::option::of("[a-z0-9-]{1,64}");
    let parts = (ids, client_id, text(), prop::option::of(quote), prop::option::of(system));
    parts.prop_map(|((seq, count, sender, sent), client_id, text, reply, system)| Message {
        seq,
        count,
        sender: UserId(sender),
        client_id: client_id.map(|id| ClientId::try_from(id).expect("a client id")),
        text,
        reply,
        system,
        sent: Timestamp(sent),
    })
}

fn conversation() -> impl Strategy<Value = Conversation> {
    prop_oneof![
        any::<i64>().prop_map(|id| Conversation::Group(GroupId(id))),
        any::<(i64, i64)>()
            .prop_map(|(one, other)| Conversation::direct(UserId(one), UserId(other))),
    ]
}

fn person() -> impl Strategy<Value = Person> {
    (any::<i64>(), any::<String>(), any::<String>(), any::<bool>()).prop_map(
        |(id, username, display_name, deleted)| Person {
            id: UserId(id),
            username,
            display_name,
            deleted,
        },
    )
}

fn event() -> impl Strategy<Value = Event> {
    let said = (conversation(), message())
        .prop_map(|(conversation, message)| EventKind::Message { conversation, message });
    let read = (conversation(), any::<i64>(), any::<i64>()).prop_map(
        |(conversation, read_seq, read_count)| EventKind::Read {
            conversation,
            read_seq,
            read_count,
        },
    );
    let remark = (any::<i64>(), any::<String>())
        .prop_map(|(user, remark)| EventKind::RemarkSet { user: UserId(user), remark });
    let changed = person().prop_map(|person| EventKind::PersonChanged { person });
    let kind = prop_oneof![said, read, remark, changed];
    (any::<i64>(), kind).prop_map(|(id, kind)| Event { id: EventId(id), kind })
}

fn batch() -> impl Strategy<Value = Batch> {
    let cursor =
        ("[a-z0-9]{1,8}", 0..i64::MAX).prop_map(|(epoch, id)| Cursor { epoch, id: EventId(id) });
    let events = prop::collection::vec(event(), 0..4);
    let build = prop::option::of(any::<String>());
    (cursor, events, any::<bool>(), any::<bool>(), build).prop_map(
        |(cursor, events, has_more, resync, build)| Batch {
            cursor,
            events,
            has_more,
            resync,
            build,
            presence: None,
        },
    )
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("JSON")
}

/// The tree with `other` instead of the value at this path.
fn damaged(tree: Value, path: &[usize], other: Value) -> Value {
    let Some((step, path)) = path.split_first() else { return other };
    match tree {
        Value::Array(mut items) if !items.is_empty() => {
            let index = step % items.len();
            let item = &mut items[index];
            *item = damaged(item.take(), path, other);
            Value::Array(items)
        }
        Value::Object(mut fields) if !fields.is_empty() => {
            let index = step % fields.len();
            let field = fields.values_mut().nth(index).expect("a field");
            *field = damaged(field.take(), path, other);
            Value::Object(fields)
        }
        _ => other,
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_tree_is_read_as_serde_json_reads_it(tree in tree()) {
        prop_assert_eq!(wire::read::<Value>(&json(&tree)), Ok(tree));
    }

    #[test]
    fn batch_is_read_as_it_is_written(batch in batch()) {
        prop_assert_eq!(wire::read::<Batch>(&json(&batch)), Ok(batch));
    }

    #[test]
    fn any_bytes_and_any_tree_are_read_or_rejected(bytes in any::<Vec<u8>>(), tree in tree()) {
        for json in [bytes, json(&tree)] {
            let _ = wire::read::<Batch>(&json);
            let _ = wire::read::<Snapshot>(&json);
            let _ = wire::read::<KithError>(&json);
            let _ = wire::read::<Vec<Message>>(&json);
        }
    }

    #[test]
    fn damaged_batch_is_read_or_rejected(
        batch in batch(),
        path in prop::collection::vec(any::<usize>(), 0..6),
        other in tree(),
    ) {
        let tree = serde_json::to_value(&batch).expect("a tree");
        let _ = wire::read::<Batch>(&json(&damaged(tree, &path, other)));
    }

    #[test]
    fn cut_json_is_rejected(batch in batch(), at in any::<prop::sample::Index>()) {
        let whole = json(&batch);
        prop_assert!(wire::read::<Batch>(&whole[..at.index(whole.len())]).is_err());
    }
}
