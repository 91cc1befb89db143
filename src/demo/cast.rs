//! The people of the demo, their groups and their pending requests.

/// The password of all.
pub const PASSWORD: &str = "demo demo";

/// The two people to sign in as. The first one is the administrator.
pub const VISITORS: [&str; 2] = [PEOPLE[0].0, PEOPLE[1].0];

/// Usernames and display names.
pub const PEOPLE: [(&str, &str); 12] = [
    ("ann", "Ann Baker"),
    ("meili", "王美丽"),
    ("bob", "Bob Carter"),
    ("carol", "Carol Díaz"),
    ("dave", "David O’Neill"),
    ("emma", "Emma 🌻"),
    ("frank", "Frank Müller"),
    ("lilei", "李雷"),
    ("hanmei", "韩梅梅"),
    ("zhangwei", "张伟"),
    ("chenjing", "陈静"),
    ("liuyang", "刘洋"),
];

/// Friend requests without an answer: from, to, note.
pub const PENDING_REQUESTS: [(&str, &str, &str); 3] = [
    ("liuyang", "ann", "你好 Ann！我是美丽的同事刘洋，想跟你练英语 🙂"),
    ("emma", "meili", "Hi Meili, it's Emma – we met at Ann's on Sunday."),
    ("ann", "hanmei", "Hello! Meili says that you know everything about films."),
];

/// A group of the demo.
pub struct DemoGroup {
    /// Its name in the script.
    pub key: &'static str,
    pub name: &'static str,
    pub description: &'static str,
    /// The owner comes first.
    pub members: &'static [&'static str],
}

pub const GROUPS: [DemoGroup; 2] = [
    DemoGroup {
        key: "+garden",
        name: "The garden",
        description: "Who waters, who weeds, who brings the cake.",
        members: &["carol", "ann", "bob", "dave", "emma", "meili"],
    },
    DemoGroup {
        key: "+books",
        name: "读书会 Book club",
        description: "每月一本书，轮流选。One book a month, chosen in turns.",
        members: &["meili", "ann", "lilei", "hanmei", "zhangwei", "chenjing", "frank"],
    },
];

/// An invitation without an answer: the group's key and the person.
pub const PENDING_INVITATION: (&str, &str) = ("+garden", "frank");
