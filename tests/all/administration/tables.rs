//! The administration's tables of accounts and groups, the page of an account, and the overview.

use std::time::{Duration, Instant};

use crate::harness::{
    Database, LONG_MS, MovedClock, TestApp, account, eventually, group_of, on_both_databases,
};
use kith::error::KithError;
use kith::model::administration::{Account, AccountOrder, AccountQuery, AdminActor};
use kith::model::limits::DAY_MS;
use kith::model::{Contact, Role, Timestamp, UserId};
use kith::service::accounts::NewAccount;

on_both_databases!(
    accounts_table_searches_sorts_and_pages,
    accounts_table_pages_five_thousand_accounts_in_time,
    groups_table_searches_by_words,
    account_page_lists_friends_and_groups,
    overview_counts_people_groups_and_messages,
);

async fn usernames(app: &TestApp, query: AccountQuery) -> Vec<String> {
    let page = app.kith.accounts(AdminActor::Operator, query).await.expect("a page");
    page.rows.into_iter().map(|account| account.person.username).collect()
}

async fn accounts_table_searches_sorts_and_pages(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    for (username, display_name) in
        [("bob", "Zacharias One_Two"), ("Cid", "ann von Bülow"), ("dan", "100%")]
    {
        let new = NewAccount { display_name: display_name.into(), ..account(username) };
        app.kith.create_user(ann.by(), new, false, false).await.expect("an account");
    }
    let search = |text: &str| AccountQuery { search: text.into(), ..AccountQuery::default() };
    assert_eq!(usernames(&app, search("")).await, ["ann", "bob", "Cid", "dan"]);
    assert_eq!(usernames(&app, search(" ANN ")).await, ["ann", "Cid"]);
    assert_eq!(usernames(&app, search("bül")).await, ["Cid"]);
    assert_eq!(usernames(&app, search("one_")).await, ["bob"]);
    assert_eq!(usernames(&app, search("1_0%")).await, [""; 0]);
    assert_eq!(usernames(&app, search("100%")).await, ["dan"]);
    for nothing in ["a\u{0}", &"x".repeat(65), "'; DROP TABLE users"] {
        assert_eq!(usernames(&app, search(nothing)).await, [""; 0]);
    }
    let by = |order, descending| AccountQuery { order, descending, ..AccountQuery::default() };
    let names = ["dan", "ann", "Cid", "bob"];
    assert_eq!(usernames(&app, by(AccountOrder::DisplayName, false)).await, names);
    let backwards = names.into_iter().rev().collect::<Vec<_>>();
    assert_eq!(usernames(&app, by(AccountOrder::DisplayName, true)).await, backwards);
    let newest = usernames(&app, by(AccountOrder::Created, true)).await;
    assert_eq!(newest, ["dan", "Cid", "bob", "ann"]);
    assert_eq!(usernames(&app, by(AccountOrder::LastSeen, true)).await[0], "ann");
    assert_eq!(usernames(&app, by(AccountOrder::LastSeen, false)).await[3], "ann");

    let page =
        app.kith.accounts(AdminActor::Operator, AccountQuery::default()).await.expect("a page");
    let [first, second, ..] = &page.rows[..] else { panic!("{page:?}") };
    let Account { administrator, disabled, sign_ins, last_seen, created, .. } = first;
    assert_eq!((*administrator, *disabled, *sign_ins), (true, false, 1));
    assert!(last_seen.is_some_and(|seen| seen >= *created) && *created > Timestamp(0));
    assert_eq!((second.sign_ins, second.last_seen, second.one_time_until), (0, None, None));
}

async fn accounts_table_pages_five_thousand_accounts_in_time(database: Database) {
    let app = TestApp::start(database).await;
    let people: Vec<String> = (1..=5_000)
        .map(|n| format!("({}, 'p{n}', 'p{n}', 'P {n}', 'p {n}', '', 0, {})", n + 10, n % 7))
        .collect();
    for some in people.chunks(1_000) {
        app.execute(&format!(
            "INSERT INTO users (id, username, username_key, display_name, name_key, \
             password_hash, administrator, created) VALUES {}",
            some.join(", ")
        ))
        .await;
    }
    for order in [
        AccountOrder::Username,
        AccountOrder::DisplayName,
        AccountOrder::Created,
        AccountOrder::LastSeen,
    ] {
        let mut found = Vec::new();
        let began = Instant::now();
        for page in 1..=100 {
            let query = AccountQuery { order, page, ..AccountQuery::default() };
            let page = app.kith.accounts(AdminActor::Operator, query).await.expect("a page");
            assert_eq!((page.total, page.pages, page.rows.len()), (5_000, 100, 50));
            found.extend(page.rows.into_iter().map(|account| account.person.id));
        }
        println!("{database:?}: 100 pages by {order:?} in {:?}", began.elapsed());
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), 5_000, "each of them once");
    }
    for (asked, given) in [(-3, 1), (0, 1), (101, 100), (i64::MAX, 100), (i64::MIN, 1)] {
        let query = AccountQuery { page: asked, ..AccountQuery::default() };
        let page = app.kith.accounts(AdminActor::Operator, query).await.expect("a page");
        assert_eq!(page.page, given, "{asked}");
    }
    let rare = AccountQuery { search: "p4999".into(), ..AccountQuery::default() };
    let page = app.kith.accounts(AdminActor::Operator, rare).await.expect("a page");
    assert_eq!((page.total, page.pages, page.rows.len()), (1, 1, 1));
}

async fn groups_table_searches_by_words(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let (kith, by) = (&app.kith, ann.by());
    for name in ["Sunday Walkers", "Ärzte 100%", "walking"] {
        kith.create_group_for(by, bob.id, name, "").await.expect("a group");
    }
    let ended = kith.create_group_for(by, bob.id, "Walked", "").await.expect("a group");
    kith.admin_disband_group(by, ended).await.expect("ended");
    let names = async |search: &str| -> Vec<String> {
        let page = kith.groups_table(by, search, 1).await.expect("a page");
        assert_eq!(page.total, page.rows.len() as i64);
        page.rows.into_iter().map(|row| row.group.name).collect()
    };
    assert_eq!(names("WALK").await, ["Sunday Walkers", "walking"]);
    assert_eq!(names("ärz").await, ["Ärzte 100%"]);
    assert_eq!(names("0%").await, [""; 0]);
    assert_eq!(names("").await.len(), 3);
    assert_eq!(names("a\u{0}").await, [""; 0]);
    let page = kith.groups_table(by, "sun", 1).await.expect("a page");
    assert_eq!((page.rows[0].owner.id, page.rows[0].group.members), (bob.id, 1));
    assert!(page.rows[0].activity > Timestamp(0));
    assert_eq!(kith.group_details(by, ended).await, Err(KithError::NotFound));
    let details = kith.group_details(by, page.rows[0].group.id).await.expect("a group");
    let members: Vec<(UserId, Role)> =
        details.members.members.iter().map(|member| (member.person.id, member.role)).collect();
    assert_eq!((members, details.ceiling), (vec![(bob.id, Role::Owner)], 500));
}

async fn account_page_lists_friends_and_groups(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let cid = app.person("cid").await;
    let walkers = group_of(&bob, &[&cid, &ann]).await;
    let left = app.kith.create_group_for(ann.by(), ann.id, "Left", "").await.expect("a group");
    app.kith.add_member(ann.by(), left, bob.id).await.expect("a member");
    app.kith.admin_remove_member(ann.by(), left, bob.id).await.expect("removed");
    let details = app.kith.account(ann.by(), bob.id).await.expect("an account");
    let friends: Vec<UserId> = details.friends.iter().map(|(person, _)| person.id).collect();
    assert_eq!(friends, [ann.id, cid.id], "by name");
    assert_eq!(details.groups, [(walkers, "Walkers".to_string(), Role::Owner)]);
    assert_eq!(details.account.person.username, "bob");
    app.kith.end_friendship(ann.by(), bob.id, cid.id).await.expect("ended");
    assert_eq!((bob.page().await.friends.len(), cid.page().await.friends.len()), (1, 0));
}

async fn overview_counts_people_groups_and_messages(database: Database) {
    let clock = MovedClock::take();
    let app = TestApp::with(database, |setup| setup.clock = clock.clock()).await;
    let (ann, bob) = app.two_friends().await;
    let cid = app.person("cid").await;
    app.kith.set_disabled(ann.by(), cid.id, true).await.expect("disabled");
    let group = group_of(&ann, &[&bob]).await;
    ann.send(bob.contact(), "one").await;
    ann.send(Contact::Group(group), "two").await;
    clock.forward(Duration::from_millis(DAY_MS as u64));
    ann.send(bob.contact(), "three").await;
    // The time of the last visit is written beside the answer.
    let active = "SELECT COUNT(*) FROM sign_in WHERE last_seen > since";
    eventually("it was noted", async || app.number(active).await > 0).await;
    let held = app.hold(&ann, &ann.cursor().await, LONG_MS).await;
    let overview = app.kith.overview(ann.by()).await.expect("an overview");
    let counted = (overview.people, overview.disabled, overview.active, overview.groups);
    assert_eq!(counted, (3, 1, 1, 1));
    assert_eq!(overview.messages.len(), 14);
    assert!(overview.messages.is_sorted_by(|one, next| next.0.0 - one.0.0 == DAY_MS));
    let sent: Vec<i64> = overview.messages.iter().map(|(_, count)| *count).collect();
    assert_eq!(sent[12..], [2, 1], "what people said, by the day");
    assert_eq!(sent[..12], [0; 12]);
    assert_eq!((overview.held, overview.build.as_str()), (1, "test"));
    assert!(overview.database_bytes > 10_000, "{}", overview.database_bytes);
    drop(held);
}
