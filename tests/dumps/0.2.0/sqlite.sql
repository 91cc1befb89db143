PRAGMA foreign_keys = OFF;
CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
);
CREATE TABLE id_counter (
    name  TEXT   NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL -- the last id given
);
CREATE TABLE users (
    id            BIGINT NOT NULL PRIMARY KEY,
    username      TEXT   NOT NULL,        -- as its owner writes it
    username_key  TEXT   NOT NULL UNIQUE, -- case-folded by Kith: SQLite folds ASCII only
    display_name  TEXT   NOT NULL,
    password_hash TEXT   NOT NULL,        -- argon2id, in the PHC format (salt and cost included)
    administrator BIGINT NOT NULL,
    created       BIGINT NOT NULL
, bio TEXT NOT NULL DEFAULT '', name_key TEXT NOT NULL DEFAULT '', deleted BIGINT NOT NULL DEFAULT 0, disabled BIGINT NOT NULL DEFAULT 0, one_time_until BIGINT);
CREATE TABLE sign_in (
    id         BIGINT NOT NULL PRIMARY KEY,
    token_hash TEXT   NOT NULL UNIQUE, -- SHA-256 of the cookie's token: this table opens no door
    user_id    BIGINT NOT NULL REFERENCES users (id),
    device     TEXT   NOT NULL,
    since      BIGINT NOT NULL,
    last_seen  BIGINT NOT NULL         -- written at most once a minute
);
CREATE TABLE friendship (
    user_id   BIGINT NOT NULL REFERENCES users (id),
    friend_id BIGINT NOT NULL REFERENCES users (id),
    since     BIGINT NOT NULL, remark TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (user_id, friend_id)
);
CREATE TABLE friend_request (
    from_user BIGINT NOT NULL REFERENCES users (id),
    to_user   BIGINT NOT NULL REFERENCES users (id),
    note      TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (from_user, to_user)
);
CREATE TABLE conversation (
    id         BIGINT NOT NULL PRIMARY KEY,
    kind       BIGINT NOT NULL, -- 1 direct, 2 group
    low_user   BIGINT REFERENCES users (id), -- of a direct one: the two people, the smaller id
    high_user  BIGINT REFERENCES users (id), -- first, so that a pair has one conversation
    last_seq   BIGINT NOT NULL, -- of the newest message: 1, 2, 3 … without holes
    last_count BIGINT NOT NULL, -- how many of them deserve a badge
    activity   BIGINT NOT NULL, -- when something was said last
    UNIQUE (low_user, high_user)
);
CREATE TABLE chat_group (
    id          BIGINT NOT NULL PRIMARY KEY REFERENCES conversation (id), -- its conversation's
    name        TEXT   NOT NULL,
    name_key    TEXT   NOT NULL UNIQUE, -- case-folded by Kith
    description TEXT   NOT NULL,
    max_members BIGINT NOT NULL,
    owner_id    BIGINT NOT NULL REFERENCES users (id)
, disbanded BIGINT NOT NULL DEFAULT 0, join_token TEXT, join_until BIGINT, approve BIGINT NOT NULL DEFAULT 0);
CREATE TABLE member (
    conversation_id BIGINT NOT NULL REFERENCES conversation (id),
    user_id         BIGINT NOT NULL REFERENCES users (id),
    joined_seq      BIGINT NOT NULL, -- sees messages after this one …
    joined_event    BIGINT NOT NULL, -- … and events from this one on
    left_seq        BIGINT,          -- and nothing after these; NULL while they are in it
    left_event      BIGINT,
    read_seq        BIGINT NOT NULL, -- the newest message seen
    read_count      BIGINT NOT NULL, role BIGINT NOT NULL DEFAULT 1, joined BIGINT NOT NULL DEFAULT 0, left_count BIGINT, left_name TEXT, cleared_seq BIGINT NOT NULL DEFAULT 0, hidden_count BIGINT NOT NULL DEFAULT -1, pinned BIGINT, muted_until BIGINT, marked_unread BIGINT NOT NULL DEFAULT 0, -- unread is last_count - read_count
    PRIMARY KEY (conversation_id, user_id)
);
CREATE TABLE message (
    conversation_id BIGINT NOT NULL REFERENCES conversation (id),
    seq             BIGINT NOT NULL,
    count           BIGINT NOT NULL, -- of the lines that deserve a badge, up to this one
    sender_id       BIGINT NOT NULL REFERENCES users (id),
    client_id       TEXT   NOT NULL, -- the sender's own name for it: sending again finds it
    body            TEXT   NOT NULL,
    sent            BIGINT NOT NULL, system TEXT, reply_to BIGINT, -- by the server's clock
    PRIMARY KEY (conversation_id, seq),
    UNIQUE (sender_id, client_id)
);
CREATE TABLE log_head (
    one     BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    id      BIGINT NOT NULL, -- the last event id given
    trimmed BIGINT NOT NULL, -- events up to this one are gone: the retention floor
    epoch   TEXT   NOT NULL  -- which log this is: a restored copy is another one
);
CREATE TABLE event (
    id          BIGINT NOT NULL PRIMARY KEY,
    audience    BIGINT NOT NULL, -- who hears it: 1 a user, 2 the members of a conversation
    audience_id BIGINT NOT NULL,
    seq         BIGINT,          -- a message's place in the conversation; never its text
    fact        TEXT,            -- anything else, as JSON: ids and new values, no names
    at          BIGINT NOT NULL
);
CREATE TABLE block (
    user_id    BIGINT NOT NULL REFERENCES users (id),
    blocked_id BIGINT NOT NULL REFERENCES users (id),
    since      BIGINT NOT NULL,
    PRIMARY KEY (user_id, blocked_id)
);
CREATE TABLE group_invitation (
    group_id   BIGINT NOT NULL REFERENCES chat_group (id),
    user_id    BIGINT NOT NULL REFERENCES users (id),
    invited_by BIGINT NOT NULL REFERENCES users (id),
    at         BIGINT NOT NULL,
    PRIMARY KEY (group_id, user_id)
);
CREATE TABLE hidden_message (
    user_id         BIGINT NOT NULL REFERENCES users (id),
    conversation_id BIGINT NOT NULL,
    seq             BIGINT NOT NULL,
    PRIMARY KEY (user_id, conversation_id, seq),
    FOREIGN KEY (conversation_id, seq) REFERENCES message (conversation_id, seq)
);
CREATE TABLE mention (
    conversation_id BIGINT NOT NULL,
    user_id         BIGINT NOT NULL,
    seq             BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, user_id, seq),
    FOREIGN KEY (conversation_id, seq) REFERENCES message (conversation_id, seq)
);
CREATE TABLE registration (
    one  BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    mode TEXT
);
CREATE TABLE registration_link (
    token     TEXT   NOT NULL PRIMARY KEY,
    made_by   BIGINT REFERENCES users (id), -- NULL for the operator, on the command line
    made      BIGINT NOT NULL,
    until     BIGINT NOT NULL,
    uses_left BIGINT NOT NULL
);
CREATE TABLE audit (
    id          BIGINT NOT NULL PRIMARY KEY,
    at          BIGINT NOT NULL,
    by_user     BIGINT REFERENCES users (id), -- NULL for the operator, on the command line
    by_username TEXT,                         -- as it was at that time, like all names in the act
    act         TEXT   NOT NULL               -- as JSON: never a message, a password or a token
);
CREATE TABLE join_request (
    group_id BIGINT NOT NULL REFERENCES chat_group (id),
    user_id  BIGINT NOT NULL REFERENCES users (id),
    at       BIGINT NOT NULL,
    PRIMARY KEY (group_id, user_id)
);
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (1, 'people', '2026-11-30 17:32:07', 1, X'FAC4466E9B73A76921563C5C6676FDBAF8223C89782B4D7967B3ECCE537A3902F4FB0B1E868D0708A0E609D45036A9D7', 1567547);
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (2, 'conversations', '2026-11-30 17:32:07', 1, X'CB543F8B7AFAF079C5B179C320A444F1402C53E25DB9E19E1AD4187F6C887083C6C5FD875594661CD28363E712EFF79F', 1009609);
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (3, 'log', '2026-11-30 17:32:07', 1, X'44F8BEC4FBA3883425F6EF745DE5FCF8411873B3EDC5349BD6CF491B0A88FB2469CC5E8C044F7F286C6816764448596C', 741471);
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (4, 'profiles', '2026-11-30 17:32:07', 1, X'2392AEE7759608727C61ADE8109C1CA441DA1B1B1FA302EE12ACF924C8A425F9D9672F8AAB8DEB0A48D8687224B4F565', 1248303);
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (5, 'groups', '2026-11-30 17:32:07', 1, X'ABE1C67CF0663270A243A71A4A3F01530C676C2F60EA07BF1EF2EBFD6CAC6CC1B4535BB10B2581E671700327A32F7C74', 1824609);
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (6, 'own copies', '2026-11-30 17:32:07', 1, X'677E2015DF958FEE33F549CF4C822F1C3944A029D7F7CC484DB754AC22FF7E6757E4D4ECBC3FB0964C40FD0499855BBB', 1361001);
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (7, 'administration', '2026-11-30 17:32:07', 1, X'185113EA8D0D311D6661F9B92AC313B68CC12DD0C5E8188F34E5D3BB5E29AA02A1612C5C4299AD44A9A6E4F161C8D6CD', 1250056);
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (8, 'joining', '2026-11-30 17:32:07', 1, X'5B1C0E6326CEBAED3FAE4943E729AEA870B594BB9AEB2AC6456EFB2FC91C90A27C4F3C653B618160144D31E9643ACAC2', 1361331);
INSERT INTO id_counter (name, value) VALUES ('user', 7);
INSERT INTO id_counter (name, value) VALUES ('sign_in', 7);
INSERT INTO id_counter (name, value) VALUES ('conversation', 3);
INSERT INTO id_counter (name, value) VALUES ('audit', 5);
INSERT INTO users (id, username, username_key, display_name, password_hash, administrator, created, bio, name_key, deleted, disabled, one_time_until) VALUES (1, 'ann', 'ann', 'Ann 安', '$argon2id$v=19$m=19456,t=2,p=1$/j10ZR9lvGLhmmaOGmqqjw$vSI8j3L0ixSUiyxg2dB/xaLoepQbUrPk1CXZR43RG9g', 1, 1796059928177, 'sings', 'ann 安', 0, 0, NULL);
INSERT INTO users (id, username, username_key, display_name, password_hash, administrator, created, bio, name_key, deleted, disabled, one_time_until) VALUES (2, 'bob', 'bob', 'Bob', '$argon2id$v=19$m=19456,t=2,p=1$A0kjPdqn2PrbIvXbi2O3IA$cmoFP+DEFaKiaTHqSmABFz6pltM7X4xOuVJ3+DKLAPM', 0, 1796059928471, '', 'bob', 0, 0, NULL);
INSERT INTO users (id, username, username_key, display_name, password_hash, administrator, created, bio, name_key, deleted, disabled, one_time_until) VALUES (3, 'cid', 'cid', 'Cid', '$argon2id$v=19$m=19456,t=2,p=1$e3d+PS9QCaKu7MS/ug4cOA$Yy7hQhbpgxN0bClJ9GT95vsfR1HD2fKvcXap4qxSTb0', 0, 1796059928616, '', 'cid', 0, 1, NULL);
INSERT INTO users (id, username, username_key, display_name, password_hash, administrator, created, bio, name_key, deleted, disabled, one_time_until) VALUES (4, 'dan', 'dan', 'Dan', '$argon2id$v=19$m=19456,t=2,p=1$8EkNhziTv0h+x3957eNzZA$3aw34SUUVddU2GiUZ693v/r8BorfuKIy44bkNHT7UVk', 0, 1796059928807, '', 'dan', 0, 0, NULL);
INSERT INTO users (id, username, username_key, display_name, password_hash, administrator, created, bio, name_key, deleted, disabled, one_time_until) VALUES (5, 'eve', 'eve', 'Eve', '$argon2id$v=19$m=19456,t=2,p=1$adyTIaDczECpRbKGDZtACg$hX0FI2+cw5RYm3YxnhnAJOFTpmlbQuzh8inQzysdOMY', 0, 1796059929007, '', 'eve', 0, 0, NULL);
INSERT INTO users (id, username, username_key, display_name, password_hash, administrator, created, bio, name_key, deleted, disabled, one_time_until) VALUES (6, 'fay', 'fay', 'Fay', '$argon2id$v=19$m=19456,t=2,p=1$l6atd3uLBGKzl3AmGcWEfg$RQDgpUA4cVPRuMOjLrs2hJ+M+DxO4kKVjje1z+4RpuI', 0, 1796059929219, '', 'fay', 0, 0, 1796664730652);
INSERT INTO users (id, username, username_key, display_name, password_hash, administrator, created, bio, name_key, deleted, disabled, one_time_until) VALUES (7, '', 'deleted 7', '', '', 0, 1796059929360, '', '', 1, 0, NULL);
INSERT INTO sign_in (id, token_hash, user_id, device, since, last_seen) VALUES (1, 'MJn4SRY4-T7DI_Q9r9C6FHG4hYYwQ_LA_QXy4TuezB8', 1, 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', 1796059928177, 1796059928177);
INSERT INTO sign_in (id, token_hash, user_id, device, since, last_seen) VALUES (2, 'nSiAJqIVaeVB3TgSSrLt4auapZ0B2F2mQOPkyRbw9_0', 2, 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', 1796059928471, 1796059928471);
INSERT INTO sign_in (id, token_hash, user_id, device, since, last_seen) VALUES (4, 'p1GWa1r4pxGJtKKaWvgOPw6AcK0wn4K94SKYqfqRSUQ', 4, 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', 1796059928807, 1796059928807);
INSERT INTO sign_in (id, token_hash, user_id, device, since, last_seen) VALUES (5, 'gz_t_qiknu15tAwyHKTu3Rq33EIMQfSM-Y3aVLaKAlE', 5, 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', 1796059929007, 1796059929007);
INSERT INTO friendship (user_id, friend_id, since, remark) VALUES (2, 1, 1796059929478, '');
INSERT INTO friendship (user_id, friend_id, since, remark) VALUES (1, 2, 1796059929478, 'Bobby');
INSERT INTO friendship (user_id, friend_id, since, remark) VALUES (3, 1, 1796059929665, '');
INSERT INTO friendship (user_id, friend_id, since, remark) VALUES (1, 3, 1796059929665, '');
INSERT INTO friendship (user_id, friend_id, since, remark) VALUES (6, 1, 1796059930036, '');
INSERT INTO friendship (user_id, friend_id, since, remark) VALUES (1, 6, 1796059930036, '');
INSERT INTO friend_request (from_user, to_user, note, at) VALUES (5, 1, 'from the choir', 1796059929525);
INSERT INTO conversation (id, kind, low_user, high_user, last_seq, last_count, activity) VALUES (1, 1, 1, 2, 4, 4, 1796059929631);
INSERT INTO conversation (id, kind, low_user, high_user, last_seq, last_count, activity) VALUES (2, 2, NULL, NULL, 7, 2, 1796059930002);
INSERT INTO conversation (id, kind, low_user, high_user, last_seq, last_count, activity) VALUES (3, 2, NULL, NULL, 3, 0, 1796059930268);
INSERT INTO chat_group (id, name, name_key, description, max_members, owner_id, disbanded, join_token, join_until, approve) VALUES (2, 'Walkers', 'walkers', '', 200, 1, 0, '6OWmtZ9e9usbDptTV0z3dBiMxodKDc8cj1Sy4M6vkVw', 1796664730068, 1);
INSERT INTO chat_group (id, name, name_key, description, max_members, owner_id, disbanded, join_token, join_until, approve) VALUES (3, 'Over', '3', '', 200, 1, 1, NULL, NULL, 0);
INSERT INTO member (conversation_id, user_id, joined_seq, joined_event, left_seq, left_event, read_seq, read_count, role, joined, left_count, left_name, cleared_seq, hidden_count, pinned, muted_until, marked_unread) VALUES (1, 1, 0, 0, NULL, NULL, 4, 4, 1, 0, NULL, NULL, 0, -1, NULL, NULL, 0);
INSERT INTO member (conversation_id, user_id, joined_seq, joined_event, left_seq, left_event, read_seq, read_count, role, joined, left_count, left_name, cleared_seq, hidden_count, pinned, muted_until, marked_unread) VALUES (1, 2, 0, 0, NULL, NULL, 3, 3, 1, 0, NULL, NULL, 0, -1, 1796059929618, 9999999999999, 1);
INSERT INTO member (conversation_id, user_id, joined_seq, joined_event, left_seq, left_event, read_seq, read_count, role, joined, left_count, left_name, cleared_seq, hidden_count, pinned, muted_until, marked_unread) VALUES (2, 1, 0, 29, NULL, NULL, 5, 1, 1, 1796059929672, NULL, NULL, 0, -1, NULL, NULL, 0);
INSERT INTO member (conversation_id, user_id, joined_seq, joined_event, left_seq, left_event, read_seq, read_count, role, joined, left_count, left_name, cleared_seq, hidden_count, pinned, muted_until, marked_unread) VALUES (2, 2, 1, 37, NULL, NULL, 2, 0, 2, 1796059929727, NULL, NULL, 0, -1, NULL, NULL, 0);
INSERT INTO member (conversation_id, user_id, joined_seq, joined_event, left_seq, left_event, read_seq, read_count, role, joined, left_count, left_name, cleared_seq, hidden_count, pinned, muted_until, marked_unread) VALUES (2, 3, 2, 42, 7, 54, 7, 2, 1, 1796059929850, 2, 'Walkers', 0, -1, NULL, NULL, 0);
INSERT INTO member (conversation_id, user_id, joined_seq, joined_event, left_seq, left_event, read_seq, read_count, role, joined, left_count, left_name, cleared_seq, hidden_count, pinned, muted_until, marked_unread) VALUES (3, 1, 0, 69, 3, 82, 3, 0, 1, 1796059930198, 0, 'Over', 0, -1, NULL, NULL, 0);
INSERT INTO member (conversation_id, user_id, joined_seq, joined_event, left_seq, left_event, read_seq, read_count, role, joined, left_count, left_name, cleared_seq, hidden_count, pinned, muted_until, marked_unread) VALUES (3, 2, 1, 76, 3, 82, 2, 0, 1, 1796059930260, 0, 'Over', 1, 0, NULL, NULL, 0);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (1, 1, 1, 1, 'ann-1', 'hello, 世界 ''quoted''
and a second line', 1796059929528, NULL, NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (1, 2, 2, 2, 'bob-1', 'an answer', 1796059929532, NULL, 1);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (1, 3, 3, 1, 'ann-2', '', 1796059929541, '{"line":"recalled","by":1}', NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (1, 4, 4, 1, 'ann-3', 'the last word', 1796059929631, NULL, NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (2, 1, 0, 1, 'd27c59b0-b7bb-4d30-9297-8cfb994bd8b8', '', 1796059929672, '{"line":"created"}', NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (2, 2, 0, 2, '20cb0ba2-01f6-4f8f-96a8-de5382c2f6fa', '', 1796059929727, '{"line":"joined","by":1}', NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (2, 3, 0, 3, '2bf47e61-6b53-4d65-9ce6-ade9851fc177', '', 1796059929850, '{"line":"joined","by":1}', NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (2, 4, 0, 1, '65eef67c-555a-48d8-95d2-120b61c71249', '', 1796059929887, '{"line":"role_set","user":2,"role":"admin"}', NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (2, 5, 1, 1, 'ann-4', '@{2} leads, @{all} follow', 1796059929951, NULL, NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (2, 6, 2, 3, 'cid-1', 'I am off', 1796059929981, NULL, NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (2, 7, 2, 3, 'd4995ad5-e207-4e6c-b474-37c0005baafa', '', 1796059930002, '{"line":"left"}', NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (3, 1, 0, 1, 'e1e48eff-1627-4d91-bf67-d883d7d2d5e2', '', 1796059930198, '{"line":"created"}', NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (3, 2, 0, 2, '8c1b189a-4af1-4889-bbbe-5c2c05d9ab9c', '', 1796059930260, '{"line":"joined","by":1}', NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (3, 3, 0, 1, 'f3a1402f-d661-4417-82bc-840700cfce24', '', 1796059930268, '{"line":"disbanded"}', NULL);
INSERT INTO log_head (one, id, trimmed, epoch) VALUES (1, 86, 0, '9b5072e0');
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (8, 3, 0, NULL, '{"kind":"person_changed","user":1}', 1796059929371);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (9, 1, 2, NULL, '{"kind":"friend_requested","from":1,"to":2,"note":"","at":1796059929392}', 1796059929392);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (10, 1, 1, NULL, '{"kind":"friend_requested","from":1,"to":2,"note":"","at":1796059929392}', 1796059929392);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (11, 1, 2, NULL, '{"kind":"friend_added","friend":1,"since":1796059929478}', 1796059929478);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (12, 1, 1, NULL, '{"kind":"friend_added","friend":2,"since":1796059929478}', 1796059929478);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (13, 1, 1, NULL, '{"kind":"remark_set","user":2,"remark":"Bobby"}', 1796059929512);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (14, 1, 1, NULL, '{"kind":"block_set","user":4,"blocked":true}', 1796059929518);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (15, 1, 1, NULL, '{"kind":"friend_requested","from":5,"to":1,"note":"from the choir","at":1796059929525}', 1796059929525);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (16, 1, 5, NULL, '{"kind":"friend_requested","from":5,"to":1,"note":"from the choir","at":1796059929525}', 1796059929525);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (17, 2, 1, 1, NULL, 1796059929528);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (18, 2, 1, 2, NULL, 1796059929532);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (19, 2, 1, 3, NULL, 1796059929541);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (20, 2, 1, 3, NULL, 1796059929544);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (21, 1, 2, NULL, '{"kind":"read","conversation":{"direct":[1,2]},"read_seq":3,"read_count":3}', 1796059929547);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (22, 1, 2, NULL, '{"kind":"message_hidden","conversation":{"direct":[1,2]},"seq":2}', 1796059929552);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (23, 1, 2, NULL, '{"kind":"chat_set","conversation":{"direct":[1,2]},"own":{"cleared_seq":0,"hidden_count":-1,"pinned":1796059929618,"muted_until":9999999999999,"marked_unread":true}}', 1796059929618);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (24, 2, 1, 4, NULL, 1796059929631);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (25, 1, 3, NULL, '{"kind":"friend_requested","from":1,"to":3,"note":"","at":1796059929643}', 1796059929643);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (26, 1, 1, NULL, '{"kind":"friend_requested","from":1,"to":3,"note":"","at":1796059929643}', 1796059929643);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (27, 1, 3, NULL, '{"kind":"friend_added","friend":1,"since":1796059929665}', 1796059929665);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (28, 1, 1, NULL, '{"kind":"friend_added","friend":3,"since":1796059929665}', 1796059929665);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (29, 1, 1, NULL, '{"kind":"group_joined","group":{"id":2,"name":"Walkers","description":"","max_members":200,"members":1},"role":"owner","last_seq":0,"last_count":0}', 1796059929672);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (30, 2, 2, NULL, '{"kind":"member_changed","group":2,"user":1,"role":"owner","members":1}', 1796059929672);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (31, 2, 2, 1, NULL, 1796059929672);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (32, 1, 2, NULL, '{"kind":"group_invited","group":2,"group_name":"Walkers","user":2,"by":1,"at":1796059929672}', 1796059929672);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (33, 1, 3, NULL, '{"kind":"group_invited","group":2,"group_name":"Walkers","user":3,"by":1,"at":1796059929672}', 1796059929672);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (36, 1, 2, NULL, '{"kind":"group_invitation_closed","group":2}', 1796059929727);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (37, 1, 2, NULL, '{"kind":"group_joined","group":{"id":2,"name":"Walkers","description":"","max_members":200,"members":2},"role":"member","last_seq":1,"last_count":0}', 1796059929727);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (38, 2, 2, NULL, '{"kind":"member_changed","group":2,"user":2,"role":"member","members":2}', 1796059929727);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (39, 2, 2, 2, NULL, 1796059929727);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (41, 1, 3, NULL, '{"kind":"group_invitation_closed","group":2}', 1796059929850);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (42, 1, 3, NULL, '{"kind":"group_joined","group":{"id":2,"name":"Walkers","description":"","max_members":200,"members":3},"role":"member","last_seq":2,"last_count":0}', 1796059929850);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (43, 2, 2, NULL, '{"kind":"member_changed","group":2,"user":3,"role":"member","members":3}', 1796059929850);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (44, 2, 2, 3, NULL, 1796059929850);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (46, 2, 2, NULL, '{"kind":"member_changed","group":2,"user":2,"role":"admin","members":3}', 1796059929887);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (47, 2, 2, 4, NULL, 1796059929887);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (51, 2, 2, 5, NULL, 1796059929951);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (52, 2, 2, 6, NULL, 1796059929981);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (53, 2, 2, 7, NULL, 1796059930002);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (54, 1, 3, NULL, '{"kind":"group_left","group":2}', 1796059930002);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (55, 2, 2, NULL, '{"kind":"member_changed","group":2,"user":3,"role":null,"members":2}', 1796059930002);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (58, 1, 6, NULL, '{"kind":"friend_requested","from":1,"to":6,"note":"","at":1796059930011}', 1796059930011);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (59, 1, 1, NULL, '{"kind":"friend_requested","from":1,"to":6,"note":"","at":1796059930011}', 1796059930011);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (60, 1, 6, NULL, '{"kind":"friend_added","friend":1,"since":1796059930036}', 1796059930036);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (61, 1, 1, NULL, '{"kind":"friend_added","friend":6,"since":1796059930036}', 1796059930036);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (62, 1, 6, NULL, '{"kind":"group_invited","group":2,"group_name":"Walkers","user":6,"by":1,"at":1796059930046}', 1796059930046);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (63, 2, 2, NULL, '{"kind":"group_changed","group":{"id":2,"name":"Walkers","description":"","max_members":200,"members":2,"approve":true}}', 1796059930116);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (64, 2, 2, NULL, '{"kind":"group_changed","group":{"id":2,"name":"Walkers","description":"","max_members":200,"members":2,"approve":true,"asking":1}}', 1796059930167);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (69, 1, 1, NULL, '{"kind":"group_joined","group":{"id":3,"name":"Over","description":"","max_members":200,"members":1},"role":"owner","last_seq":0,"last_count":0}', 1796059930198);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (70, 2, 3, NULL, '{"kind":"member_changed","group":3,"user":1,"role":"owner","members":1}', 1796059930198);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (71, 2, 3, 1, NULL, 1796059930198);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (72, 1, 2, NULL, '{"kind":"group_invited","group":3,"group_name":"Over","user":2,"by":1,"at":1796059930198}', 1796059930198);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (75, 1, 2, NULL, '{"kind":"group_invitation_closed","group":3}', 1796059930260);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (76, 1, 2, NULL, '{"kind":"group_joined","group":{"id":3,"name":"Over","description":"","max_members":200,"members":2},"role":"member","last_seq":1,"last_count":0}', 1796059930260);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (77, 2, 3, NULL, '{"kind":"member_changed","group":3,"user":2,"role":"member","members":2}', 1796059930260);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (78, 2, 3, 2, NULL, 1796059930260);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (80, 1, 2, NULL, '{"kind":"read","conversation":{"group":3},"read_seq":2,"read_count":0}', 1796059930265);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (81, 1, 2, NULL, '{"kind":"chat_set","conversation":{"group":3},"own":{"cleared_seq":1,"hidden_count":0,"pinned":null,"muted_until":null,"marked_unread":false}}', 1796059930265);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (82, 2, 3, 3, NULL, 1796059930268);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (83, 1, 1, NULL, '{"kind":"group_left","group":3}', 1796059930268);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (84, 1, 2, NULL, '{"kind":"group_left","group":3}', 1796059930268);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (86, 3, 0, NULL, '{"kind":"person_changed","user":7}', 1796059930668);
INSERT INTO block (user_id, blocked_id, since) VALUES (1, 4, 1796059929518);
INSERT INTO group_invitation (group_id, user_id, invited_by, at) VALUES (2, 6, 1, 1796059930046);
INSERT INTO hidden_message (user_id, conversation_id, seq) VALUES (2, 1, 2);
INSERT INTO mention (conversation_id, user_id, seq) VALUES (2, 0, 5);
INSERT INTO mention (conversation_id, user_id, seq) VALUES (2, 2, 5);
INSERT INTO registration (one, mode) VALUES (1, 'by_link');
INSERT INTO registration_link (token, made_by, made, until, uses_left) VALUES ('_Whw4xMpfvRqOnsBx7JPti4gxcjSRKWX-IWaMUfyL7k', 1, 1796059930682, 1796232730682, 5);
INSERT INTO audit (id, at, by_user, by_username, act) VALUES (1, 1796059930652, 1, 'ann', '{"act":"set_password","user":6,"username":"fay"}');
INSERT INTO audit (id, at, by_user, by_username, act) VALUES (2, 1796059930660, 1, 'ann', '{"act":"disable_user","user":3,"username":"cid"}');
INSERT INTO audit (id, at, by_user, by_username, act) VALUES (3, 1796059930668, 1, 'ann', '{"act":"delete_user","user":7,"username":"gil"}');
INSERT INTO audit (id, at, by_user, by_username, act) VALUES (4, 1796059930682, 1, 'ann', '{"act":"create_registration_link","uses":5,"until":1796232730682}');
INSERT INTO audit (id, at, by_user, by_username, act) VALUES (5, 1796059930709, 1, 'ann', '{"act":"set_registration","mode":"by_link"}');
INSERT INTO join_request (group_id, user_id, at) VALUES (2, 5, 1796059930167);
CREATE INDEX sign_in_by_user ON sign_in (user_id);
CREATE INDEX friend_request_by_receiver ON friend_request (to_user);
CREATE INDEX member_by_user ON member (user_id);
CREATE INDEX event_by_audience ON event (audience, audience_id, id);
CREATE INDEX users_by_name ON users (name_key, id);
CREATE INDEX block_by_blocked ON block (blocked_id);
CREATE INDEX group_invitation_by_user ON group_invitation (user_id);
CREATE INDEX group_invitation_by_inviter ON group_invitation (invited_by);
CREATE INDEX message_by_time ON message (sent, system) WHERE system IS NULL;
CREATE UNIQUE INDEX chat_group_by_join_token ON chat_group (join_token);
CREATE INDEX join_request_by_user ON join_request (user_id);
