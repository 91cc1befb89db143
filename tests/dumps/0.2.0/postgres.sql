CREATE TABLE _sqlx_migrations (
    version bigint NOT NULL,
    description text NOT NULL,
    installed_on timestamp with time zone DEFAULT now() NOT NULL,
    success boolean NOT NULL,
    checksum bytea NOT NULL,
    execution_time bigint NOT NULL
);

CREATE TABLE audit (
    id bigint NOT NULL,
    at bigint NOT NULL,
    by_user bigint,
    by_username text,
    act text NOT NULL
);

CREATE TABLE block (
    user_id bigint NOT NULL,
    blocked_id bigint NOT NULL,
    since bigint NOT NULL
);

CREATE TABLE chat_group (
    id bigint NOT NULL,
    name text NOT NULL,
    name_key text NOT NULL,
    description text NOT NULL,
    max_members bigint NOT NULL,
    owner_id bigint NOT NULL,
    disbanded bigint DEFAULT 0 NOT NULL,
    join_token text,
    join_until bigint,
    approve bigint DEFAULT 0 NOT NULL
);

CREATE TABLE conversation (
    id bigint NOT NULL,
    kind bigint NOT NULL,
    low_user bigint,
    high_user bigint,
    last_seq bigint NOT NULL,
    last_count bigint NOT NULL,
    activity bigint NOT NULL
);

CREATE TABLE event (
    id bigint NOT NULL,
    audience bigint NOT NULL,
    audience_id bigint NOT NULL,
    seq bigint,
    fact text,
    at bigint NOT NULL
);

CREATE TABLE friend_request (
    from_user bigint NOT NULL,
    to_user bigint NOT NULL,
    note text NOT NULL,
    at bigint NOT NULL
);

CREATE TABLE friendship (
    user_id bigint NOT NULL,
    friend_id bigint NOT NULL,
    since bigint NOT NULL,
    remark text DEFAULT ''::text NOT NULL
);

CREATE TABLE group_invitation (
    group_id bigint NOT NULL,
    user_id bigint NOT NULL,
    invited_by bigint NOT NULL,
    at bigint NOT NULL
);

CREATE TABLE hidden_message (
    user_id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    seq bigint NOT NULL
);

CREATE TABLE id_counter (
    name text NOT NULL,
    value bigint NOT NULL
);

CREATE TABLE join_request (
    group_id bigint NOT NULL,
    user_id bigint NOT NULL,
    at bigint NOT NULL
);

CREATE TABLE log_head (
    one bigint NOT NULL,
    id bigint NOT NULL,
    trimmed bigint NOT NULL,
    epoch text NOT NULL,
    CONSTRAINT log_head_one_check CHECK ((one = 1))
);

CREATE TABLE member (
    conversation_id bigint NOT NULL,
    user_id bigint NOT NULL,
    joined_seq bigint NOT NULL,
    joined_event bigint NOT NULL,
    left_seq bigint,
    left_event bigint,
    read_seq bigint NOT NULL,
    read_count bigint NOT NULL,
    role bigint DEFAULT 1 NOT NULL,
    joined bigint DEFAULT 0 NOT NULL,
    left_count bigint,
    left_name text,
    cleared_seq bigint DEFAULT 0 NOT NULL,
    hidden_count bigint DEFAULT '-1'::integer NOT NULL,
    pinned bigint,
    muted_until bigint,
    marked_unread bigint DEFAULT 0 NOT NULL
);

CREATE TABLE mention (
    conversation_id bigint NOT NULL,
    user_id bigint NOT NULL,
    seq bigint NOT NULL
);

CREATE TABLE message (
    conversation_id bigint NOT NULL,
    seq bigint NOT NULL,
    count bigint NOT NULL,
    sender_id bigint NOT NULL,
    client_id text NOT NULL,
    body text NOT NULL,
    sent bigint NOT NULL,
    system text,
    reply_to bigint
);

CREATE TABLE registration (
    one bigint NOT NULL,
    mode text,
    CONSTRAINT registration_one_check CHECK ((one = 1))
);

CREATE TABLE registration_link (
    token text NOT NULL,
    made_by bigint,
    made bigint NOT NULL,
    until bigint NOT NULL,
    uses_left bigint NOT NULL
);

CREATE TABLE sign_in (
    id bigint NOT NULL,
    token_hash text NOT NULL,
    user_id bigint NOT NULL,
    device text NOT NULL,
    since bigint NOT NULL,
    last_seen bigint NOT NULL
);

CREATE TABLE users (
    id bigint NOT NULL,
    username text NOT NULL,
    username_key text NOT NULL,
    display_name text NOT NULL,
    password_hash text NOT NULL,
    administrator bigint NOT NULL,
    created bigint NOT NULL,
    bio text DEFAULT ''::text NOT NULL,
    name_key text DEFAULT ''::text NOT NULL,
    deleted bigint DEFAULT 0 NOT NULL,
    disabled bigint DEFAULT 0 NOT NULL,
    one_time_until bigint
);

INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (1, 'people', '2026-11-30 17:32:11.43722+00', true, '\xfac4466e9b73a76921563c5c6676fdbaf8223c89782b4d7967b3ecce537a3902f4fb0b1e868d0708a0e609d45036a9d7', 33843287);
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (2, 'conversations', '2026-11-30 17:32:11.491836+00', true, '\xcb543f8b7afaf079c5b179c320a444f1402c53e25db9e19e1ad4187f6c887083c6c5fd875594661cd28363e712eff79f', 68245694);
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (3, 'log', '2026-11-30 17:32:11.548097+00', true, '\x44f8bec4fba3883425f6ef745de5fcf8411873b3edc5349bd6cf491b0a88fb2469cc5e8c044f7f286c6816764448596c', 7910555);
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (4, 'profiles', '2026-11-30 17:32:11.560712+00', true, '\x2392aee7759608727c61ade8109c1ca441da1b1b1fa302ee12acf924c8a425f9d9672f8aab8deb0a48d8687224b4f565', 59442234);
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (5, 'groups', '2026-11-30 17:32:11.623209+00', true, '\xabe1c67cf0663270a243a71a4a3f01530c676c2f60ea07bf1ef2ebfd6cac6cc1b4535bb10b2581e671700327a32f7c74', 40485849);
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (6, 'own copies', '2026-11-30 17:32:11.660088+00', true, '\x677e2015df958fee33f549cf4c822f1c3944a029d7f7cc484db754ac22ff7e6757e4d4ecbc3fb0964c40fd0499855bbb', 4592959);
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (7, 'administration', '2026-11-30 17:32:11.664899+00', true, '\x185113ea8d0d311d6661f9b92ac313b68cc12dd0c5e8188f34e5d3bb5e29aa02a1612c5c4299ad44a9a6e4f161c8d6cd', 5752771);
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (8, 'joining', '2026-11-30 17:32:11.670824+00', true, '\x5b1c0e6326cebaed3fae4943e729aea870b594bb9aeb2ac6456efb2fc91c90a27c4f3c653b618160144d31e9643acac2', 4758975);

INSERT INTO audit (id, at, by_user, by_username, act) VALUES (1, 1796059936067, 1, 'ann', '{"act":"set_password","user":6,"username":"fay"}');
INSERT INTO audit (id, at, by_user, by_username, act) VALUES (2, 1796059936121, 1, 'ann', '{"act":"disable_user","user":3,"username":"cid"}');
INSERT INTO audit (id, at, by_user, by_username, act) VALUES (3, 1796059936141, 1, 'ann', '{"act":"delete_user","user":7,"username":"gil"}');
INSERT INTO audit (id, at, by_user, by_username, act) VALUES (4, 1796059936178, 1, 'ann', '{"act":"create_registration_link","uses":5,"until":1796232736177}');
INSERT INTO audit (id, at, by_user, by_username, act) VALUES (5, 1796059936190, 1, 'ann', '{"act":"set_registration","mode":"by_link"}');

INSERT INTO block (user_id, blocked_id, since) VALUES (1, 4, 1796059934747);

INSERT INTO chat_group (id, name, name_key, description, max_members, owner_id, disbanded, join_token, join_until, approve) VALUES (2, 'Walkers', 'walkers', '', 200, 1, 0, 'ylQgRD9Tx1J_vLEf5uNqmIpjWMrx2E2RRf0O9syQ8Bk', 1796664735727, 1);
INSERT INTO chat_group (id, name, name_key, description, max_members, owner_id, disbanded, join_token, join_until, approve) VALUES (3, 'Over', '3', '', 200, 1, 1, NULL, NULL, 0);

INSERT INTO conversation (id, kind, low_user, high_user, last_seq, last_count, activity) VALUES (1, 1, 1, 2, 4, 4, 1796059935251);
INSERT INTO conversation (id, kind, low_user, high_user, last_seq, last_count, activity) VALUES (2, 2, NULL, NULL, 7, 2, 1796059935519);
INSERT INTO conversation (id, kind, low_user, high_user, last_seq, last_count, activity) VALUES (3, 2, NULL, NULL, 3, 0, 1796059935811);

INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (8, 3, 0, NULL, '{"kind":"person_changed","user":1}', 1796059934583);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (9, 1, 2, NULL, '{"kind":"friend_requested","from":1,"to":2,"note":"","at":1796059934623}', 1796059934623);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (10, 1, 1, NULL, '{"kind":"friend_requested","from":1,"to":2,"note":"","at":1796059934623}', 1796059934623);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (11, 1, 2, NULL, '{"kind":"friend_added","friend":1,"since":1796059934677}', 1796059934677);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (12, 1, 1, NULL, '{"kind":"friend_added","friend":2,"since":1796059934677}', 1796059934677);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (13, 1, 1, NULL, '{"kind":"remark_set","user":2,"remark":"Bobby"}', 1796059934716);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (14, 1, 1, NULL, '{"kind":"block_set","user":4,"blocked":true}', 1796059934747);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (15, 1, 1, NULL, '{"kind":"friend_requested","from":5,"to":1,"note":"from the choir","at":1796059934799}', 1796059934799);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (16, 1, 5, NULL, '{"kind":"friend_requested","from":5,"to":1,"note":"from the choir","at":1796059934799}', 1796059934799);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (17, 2, 1, 1, NULL, 1796059934859);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (18, 2, 1, 2, NULL, 1796059934957);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (19, 2, 1, 3, NULL, 1796059935000);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (20, 2, 1, 3, NULL, 1796059935021);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (21, 1, 2, NULL, '{"kind":"read","conversation":{"direct":[1,2]},"read_seq":3,"read_count":3}', 1796059935158);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (22, 1, 2, NULL, '{"kind":"message_hidden","conversation":{"direct":[1,2]},"seq":2}', 1796059935174);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (23, 1, 2, NULL, '{"kind":"chat_set","conversation":{"direct":[1,2]},"own":{"cleared_seq":0,"hidden_count":-1,"pinned":1796059935229,"muted_until":9999999999999,"marked_unread":true}}', 1796059935229);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (24, 2, 1, 4, NULL, 1796059935251);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (25, 1, 3, NULL, '{"kind":"friend_requested","from":1,"to":3,"note":"","at":1796059935259}', 1796059935259);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (26, 1, 1, NULL, '{"kind":"friend_requested","from":1,"to":3,"note":"","at":1796059935259}', 1796059935259);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (27, 1, 3, NULL, '{"kind":"friend_added","friend":1,"since":1796059935263}', 1796059935263);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (28, 1, 1, NULL, '{"kind":"friend_added","friend":3,"since":1796059935263}', 1796059935263);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (29, 1, 1, NULL, '{"kind":"group_joined","group":{"id":2,"name":"Walkers","description":"","max_members":200,"members":1},"role":"owner","last_seq":0,"last_count":0}', 1796059935269);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (30, 2, 2, NULL, '{"kind":"member_changed","group":2,"user":1,"role":"owner","members":1}', 1796059935269);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (31, 2, 2, 1, NULL, 1796059935269);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (32, 1, 2, NULL, '{"kind":"group_invited","group":2,"group_name":"Walkers","user":2,"by":1,"at":1796059935269}', 1796059935269);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (33, 1, 3, NULL, '{"kind":"group_invited","group":2,"group_name":"Walkers","user":3,"by":1,"at":1796059935269}', 1796059935269);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (36, 1, 2, NULL, '{"kind":"group_invitation_closed","group":2}', 1796059935307);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (37, 1, 2, NULL, '{"kind":"group_joined","group":{"id":2,"name":"Walkers","description":"","max_members":200,"members":2},"role":"member","last_seq":1,"last_count":0}', 1796059935307);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (38, 2, 2, NULL, '{"kind":"member_changed","group":2,"user":2,"role":"member","members":2}', 1796059935307);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (39, 2, 2, 2, NULL, 1796059935307);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (41, 1, 3, NULL, '{"kind":"group_invitation_closed","group":2}', 1796059935347);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (42, 1, 3, NULL, '{"kind":"group_joined","group":{"id":2,"name":"Walkers","description":"","max_members":200,"members":3},"role":"member","last_seq":2,"last_count":0}', 1796059935347);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (43, 2, 2, NULL, '{"kind":"member_changed","group":2,"user":3,"role":"member","members":3}', 1796059935347);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (44, 2, 2, 3, NULL, 1796059935347);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (46, 2, 2, NULL, '{"kind":"member_changed","group":2,"user":2,"role":"admin","members":3}', 1796059935375);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (47, 2, 2, 4, NULL, 1796059935375);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (51, 2, 2, 5, NULL, 1796059935462);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (52, 2, 2, 6, NULL, 1796059935491);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (53, 2, 2, 7, NULL, 1796059935519);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (54, 1, 3, NULL, '{"kind":"group_left","group":2}', 1796059935519);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (55, 2, 2, NULL, '{"kind":"member_changed","group":2,"user":3,"role":null,"members":2}', 1796059935519);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (58, 1, 6, NULL, '{"kind":"friend_requested","from":1,"to":6,"note":"","at":1796059935570}', 1796059935570);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (59, 1, 1, NULL, '{"kind":"friend_requested","from":1,"to":6,"note":"","at":1796059935570}', 1796059935570);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (60, 1, 6, NULL, '{"kind":"friend_added","friend":1,"since":1796059935655}', 1796059935655);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (61, 1, 1, NULL, '{"kind":"friend_added","friend":6,"since":1796059935655}', 1796059935655);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (62, 1, 6, NULL, '{"kind":"group_invited","group":2,"group_name":"Walkers","user":6,"by":1,"at":1796059935717}', 1796059935717);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (63, 2, 2, NULL, '{"kind":"group_changed","group":{"id":2,"name":"Walkers","description":"","max_members":200,"members":2,"approve":true}}', 1796059935733);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (64, 2, 2, NULL, '{"kind":"group_changed","group":{"id":2,"name":"Walkers","description":"","max_members":200,"members":2,"approve":true,"asking":1}}', 1796059935744);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (69, 1, 1, NULL, '{"kind":"group_joined","group":{"id":3,"name":"Over","description":"","max_members":200,"members":1},"role":"owner","last_seq":0,"last_count":0}', 1796059935774);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (70, 2, 3, NULL, '{"kind":"member_changed","group":3,"user":1,"role":"owner","members":1}', 1796059935774);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (71, 2, 3, 1, NULL, 1796059935774);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (72, 1, 2, NULL, '{"kind":"group_invited","group":3,"group_name":"Over","user":2,"by":1,"at":1796059935774}', 1796059935774);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (75, 1, 2, NULL, '{"kind":"group_invitation_closed","group":3}', 1796059935782);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (76, 1, 2, NULL, '{"kind":"group_joined","group":{"id":3,"name":"Over","description":"","max_members":200,"members":2},"role":"member","last_seq":1,"last_count":0}', 1796059935782);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (77, 2, 3, NULL, '{"kind":"member_changed","group":3,"user":2,"role":"member","members":2}', 1796059935782);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (78, 2, 3, 2, NULL, 1796059935782);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (80, 1, 2, NULL, '{"kind":"read","conversation":{"group":3},"read_seq":2,"read_count":0}', 1796059935793);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (81, 1, 2, NULL, '{"kind":"chat_set","conversation":{"group":3},"own":{"cleared_seq":1,"hidden_count":0,"pinned":null,"muted_until":null,"marked_unread":false}}', 1796059935793);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (82, 2, 3, 3, NULL, 1796059935811);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (83, 1, 1, NULL, '{"kind":"group_left","group":3}', 1796059935811);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (84, 1, 2, NULL, '{"kind":"group_left","group":3}', 1796059935811);
INSERT INTO event (id, audience, audience_id, seq, fact, at) VALUES (86, 3, 0, NULL, '{"kind":"person_changed","user":7}', 1796059936141);

INSERT INTO friend_request (from_user, to_user, note, at) VALUES (5, 1, 'from the choir', 1796059934799);

INSERT INTO friendship (user_id, friend_id, since, remark) VALUES (2, 1, 1796059934677, '');
INSERT INTO friendship (user_id, friend_id, since, remark) VALUES (1, 2, 1796059934677, 'Bobby');
INSERT INTO friendship (user_id, friend_id, since, remark) VALUES (3, 1, 1796059935263, '');
INSERT INTO friendship (user_id, friend_id, since, remark) VALUES (1, 3, 1796059935263, '');
INSERT INTO friendship (user_id, friend_id, since, remark) VALUES (6, 1, 1796059935655, '');
INSERT INTO friendship (user_id, friend_id, since, remark) VALUES (1, 6, 1796059935655, '');

INSERT INTO group_invitation (group_id, user_id, invited_by, at) VALUES (2, 6, 1, 1796059935717);

INSERT INTO hidden_message (user_id, conversation_id, seq) VALUES (2, 1, 2);

INSERT INTO id_counter (name, value) VALUES ('user', 7);
INSERT INTO id_counter (name, value) VALUES ('sign_in', 7);
INSERT INTO id_counter (name, value) VALUES ('conversation', 3);
INSERT INTO id_counter (name, value) VALUES ('audit', 5);

INSERT INTO join_request (group_id, user_id, at) VALUES (2, 5, 1796059935744);

INSERT INTO log_head (one, id, trimmed, epoch) VALUES (1, 86, 0, '2ad75727');

INSERT INTO member (conversation_id, user_id, joined_seq, joined_event, left_seq, left_event, read_seq, read_count, role, joined, left_count, left_name, cleared_seq, hidden_count, pinned, muted_until, marked_unread) VALUES (1, 2, 0, 0, NULL, NULL, 3, 3, 1, 0, NULL, NULL, 0, -1, 1796059935229, 9999999999999, 1);
INSERT INTO member (conversation_id, user_id, joined_seq, joined_event, left_seq, left_event, read_seq, read_count, role, joined, left_count, left_name, cleared_seq, hidden_count, pinned, muted_until, marked_unread) VALUES (1, 1, 0, 0, NULL, NULL, 4, 4, 1, 0, NULL, NULL, 0, -1, NULL, NULL, 0);
INSERT INTO member (conversation_id, user_id, joined_seq, joined_event, left_seq, left_event, read_seq, read_count, role, joined, left_count, left_name, cleared_seq, hidden_count, pinned, muted_until, marked_unread) VALUES (2, 2, 1, 37, NULL, NULL, 2, 0, 2, 1796059935307, NULL, NULL, 0, -1, NULL, NULL, 0);
INSERT INTO member (conversation_id, user_id, joined_seq, joined_event, left_seq, left_event, read_seq, read_count, role, joined, left_count, left_name, cleared_seq, hidden_count, pinned, muted_until, marked_unread) VALUES (2, 1, 0, 29, NULL, NULL, 5, 1, 1, 1796059935269, NULL, NULL, 0, -1, NULL, NULL, 0);
INSERT INTO member (conversation_id, user_id, joined_seq, joined_event, left_seq, left_event, read_seq, read_count, role, joined, left_count, left_name, cleared_seq, hidden_count, pinned, muted_until, marked_unread) VALUES (2, 3, 2, 42, 7, 54, 7, 2, 1, 1796059935347, 2, 'Walkers', 0, -1, NULL, NULL, 0);
INSERT INTO member (conversation_id, user_id, joined_seq, joined_event, left_seq, left_event, read_seq, read_count, role, joined, left_count, left_name, cleared_seq, hidden_count, pinned, muted_until, marked_unread) VALUES (3, 1, 0, 69, 3, 82, 3, 0, 1, 1796059935774, 0, 'Over', 0, -1, NULL, NULL, 0);
INSERT INTO member (conversation_id, user_id, joined_seq, joined_event, left_seq, left_event, read_seq, read_count, role, joined, left_count, left_name, cleared_seq, hidden_count, pinned, muted_until, marked_unread) VALUES (3, 2, 1, 76, 3, 82, 2, 0, 1, 1796059935782, 0, 'Over', 1, 0, NULL, NULL, 0);

INSERT INTO mention (conversation_id, user_id, seq) VALUES (2, 0, 5);
INSERT INTO mention (conversation_id, user_id, seq) VALUES (2, 2, 5);

INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (1, 1, 1, 1, 'ann-1', 'hello, 世界 ''quoted''
and a second line', 1796059934859, NULL, NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (1, 2, 2, 2, 'bob-1', 'an answer', 1796059934957, NULL, 1);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (1, 3, 3, 1, 'ann-2', '', 1796059935000, '{"line":"recalled","by":1}', NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (1, 4, 4, 1, 'ann-3', 'the last word', 1796059935251, NULL, NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (2, 1, 0, 1, 'dcceaf05-cc7f-499e-b1a1-20581a15f262', '', 1796059935269, '{"line":"created"}', NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (2, 2, 0, 2, '051981eb-1757-4f1c-bbf8-8659affd8547', '', 1796059935307, '{"line":"joined","by":1}', NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (2, 3, 0, 3, '70b3e829-2781-4e24-afc2-32c33b3beac8', '', 1796059935347, '{"line":"joined","by":1}', NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (2, 4, 0, 1, '1be1201d-6d68-414c-9c10-97699eebc0a0', '', 1796059935375, '{"line":"role_set","user":2,"role":"admin"}', NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (2, 5, 1, 1, 'ann-4', '@{2} leads, @{all} follow', 1796059935462, NULL, NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (2, 6, 2, 3, 'cid-1', 'I am off', 1796059935491, NULL, NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (2, 7, 2, 3, '62000763-bf6d-4439-962b-4d9b385c12f9', '', 1796059935519, '{"line":"left"}', NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (3, 1, 0, 1, 'e2d5ec3d-c87b-424c-b887-8e35856a4e83', '', 1796059935774, '{"line":"created"}', NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (3, 2, 0, 2, 'c815f6a9-f77c-4271-a526-59dc11799ae3', '', 1796059935782, '{"line":"joined","by":1}', NULL);
INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, system, reply_to) VALUES (3, 3, 0, 1, 'e1f05553-fca7-48f0-a1ee-edd6847ea565', '', 1796059935811, '{"line":"disbanded"}', NULL);

INSERT INTO registration (one, mode) VALUES (1, 'by_link');

INSERT INTO registration_link (token, made_by, made, until, uses_left) VALUES ('NyqnW2GmBbxswaFpg8aMkbNfYMcMPeI0ouGDncE58Uo', 1, 1796059936178, 1796232736177, 5);

INSERT INTO sign_in (id, token_hash, user_id, device, since, last_seen) VALUES (1, 'wH1Dy5uhl29K9cQMqLMvDRi2tziMyWLbl-A8ySo89GE', 1, 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', 1796059932346, 1796059932346);
INSERT INTO sign_in (id, token_hash, user_id, device, since, last_seen) VALUES (2, 'QGwL-eLDE2Cpel83vSLN6NOjhYzORMwZR04aV2Y8XfI', 2, 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', 1796059932671, 1796059932671);
INSERT INTO sign_in (id, token_hash, user_id, device, since, last_seen) VALUES (4, 'wQJadUW0i5uMabCARHkW7xsV9cjy43if9QADVoWMFFc', 4, 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', 1796059933369, 1796059933369);
INSERT INTO sign_in (id, token_hash, user_id, device, since, last_seen) VALUES (5, 'a8pVG7Kx2FV4DK3kiMbc4RncW-zdZ2CxCrZijJe2nTE', 5, 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', 1796059933659, 1796059933659);

INSERT INTO users (id, username, username_key, display_name, password_hash, administrator, created, bio, name_key, deleted, disabled, one_time_until) VALUES (2, 'bob', 'bob', 'Bob', '$argon2id$v=19$m=19456,t=2,p=1$X9MJ56JPwKhWnI6WdFsGrg$EWXQ4POkU0QX+QrVzfvrlKV2cpWWxFppAIqRTpAyzjc', 0, 1796059932671, '', 'bob', 0, 0, NULL);
INSERT INTO users (id, username, username_key, display_name, password_hash, administrator, created, bio, name_key, deleted, disabled, one_time_until) VALUES (4, 'dan', 'dan', 'Dan', '$argon2id$v=19$m=19456,t=2,p=1$DwzGChvf5nLLRAzRY+yAuA$3GgEpM+kZopYHOCa/YEAT/061ZheaOAAFRET+Im9L30', 0, 1796059933369, '', 'dan', 0, 0, NULL);
INSERT INTO users (id, username, username_key, display_name, password_hash, administrator, created, bio, name_key, deleted, disabled, one_time_until) VALUES (5, 'eve', 'eve', 'Eve', '$argon2id$v=19$m=19456,t=2,p=1$IfASReKllXM0Sz7bUZjX+w$3q/p7MYVVCmfpzMK0+aGp74HWUG4c8OQ8lQ6Am669Dg', 0, 1796059933659, '', 'eve', 0, 0, NULL);
INSERT INTO users (id, username, username_key, display_name, password_hash, administrator, created, bio, name_key, deleted, disabled, one_time_until) VALUES (1, 'ann', 'ann', 'Ann 安', '$argon2id$v=19$m=19456,t=2,p=1$1TL+LW6cGUElqR/1z7fktw$5ZIHAbbIk3/nmmFZvdKDH6wBZhlsbfSxxmp9JHFawi0', 1, 1796059932346, 'sings', 'ann 安', 0, 0, NULL);
INSERT INTO users (id, username, username_key, display_name, password_hash, administrator, created, bio, name_key, deleted, disabled, one_time_until) VALUES (6, 'fay', 'fay', 'Fay', '$argon2id$v=19$m=19456,t=2,p=1$BflBvS3SYlPEzJ/ffGvU6A$JocfRLxh/1AS+eGw1xfUeRydhpIpXssbBHF0yywjXm0', 0, 1796059934098, '', 'fay', 0, 0, 1796664736067);
INSERT INTO users (id, username, username_key, display_name, password_hash, administrator, created, bio, name_key, deleted, disabled, one_time_until) VALUES (3, 'cid', 'cid', 'Cid', '$argon2id$v=19$m=19456,t=2,p=1$ngOyJhBIwonEnvasbq0NFQ$5TPuYuEXck77JrwPm4ppBdAAp8yAeUnhsafuXwLNIrY', 0, 1796059933040, '', 'cid', 0, 1, NULL);
INSERT INTO users (id, username, username_key, display_name, password_hash, administrator, created, bio, name_key, deleted, disabled, one_time_until) VALUES (7, '', 'deleted 7', '', '', 0, 1796059934499, '', '', 1, 0, NULL);

ALTER TABLE ONLY _sqlx_migrations
    ADD CONSTRAINT _sqlx_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY block
    ADD CONSTRAINT block_pkey PRIMARY KEY (user_id, blocked_id);

ALTER TABLE ONLY chat_group
    ADD CONSTRAINT chat_group_name_key_key UNIQUE (name_key);

ALTER TABLE ONLY chat_group
    ADD CONSTRAINT chat_group_pkey PRIMARY KEY (id);

ALTER TABLE ONLY conversation
    ADD CONSTRAINT conversation_low_user_high_user_key UNIQUE (low_user, high_user);

ALTER TABLE ONLY conversation
    ADD CONSTRAINT conversation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY event
    ADD CONSTRAINT event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY friend_request
    ADD CONSTRAINT friend_request_pkey PRIMARY KEY (from_user, to_user);

ALTER TABLE ONLY friendship
    ADD CONSTRAINT friendship_pkey PRIMARY KEY (user_id, friend_id);

ALTER TABLE ONLY group_invitation
    ADD CONSTRAINT group_invitation_pkey PRIMARY KEY (group_id, user_id);

ALTER TABLE ONLY hidden_message
    ADD CONSTRAINT hidden_message_pkey PRIMARY KEY (user_id, conversation_id, seq);

ALTER TABLE ONLY id_counter
    ADD CONSTRAINT id_counter_pkey PRIMARY KEY (name);

ALTER TABLE ONLY join_request
    ADD CONSTRAINT join_request_pkey PRIMARY KEY (group_id, user_id);

ALTER TABLE ONLY log_head
    ADD CONSTRAINT log_head_pkey PRIMARY KEY (one);

ALTER TABLE ONLY member
    ADD CONSTRAINT member_pkey PRIMARY KEY (conversation_id, user_id);

ALTER TABLE ONLY mention
    ADD CONSTRAINT mention_pkey PRIMARY KEY (conversation_id, user_id, seq);

ALTER TABLE ONLY message
    ADD CONSTRAINT message_pkey PRIMARY KEY (conversation_id, seq);

ALTER TABLE ONLY message
    ADD CONSTRAINT message_sender_id_client_id_key UNIQUE (sender_id, client_id);

ALTER TABLE ONLY registration_link
    ADD CONSTRAINT registration_link_pkey PRIMARY KEY (token);

ALTER TABLE ONLY registration
    ADD CONSTRAINT registration_pkey PRIMARY KEY (one);

ALTER TABLE ONLY sign_in
    ADD CONSTRAINT sign_in_pkey PRIMARY KEY (id);

ALTER TABLE ONLY sign_in
    ADD CONSTRAINT sign_in_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY users
    ADD CONSTRAINT users_username_key_key UNIQUE (username_key);

CREATE INDEX block_by_blocked ON block USING btree (blocked_id);

CREATE UNIQUE INDEX chat_group_by_join_token ON chat_group USING btree (join_token);

CREATE INDEX event_by_audience ON event USING btree (audience, audience_id, id);

CREATE INDEX friend_request_by_receiver ON friend_request USING btree (to_user);

CREATE INDEX group_invitation_by_inviter ON group_invitation USING btree (invited_by);

CREATE INDEX group_invitation_by_user ON group_invitation USING btree (user_id);

CREATE INDEX join_request_by_user ON join_request USING btree (user_id);

CREATE INDEX member_by_user ON member USING btree (user_id);

CREATE INDEX message_by_time ON message USING btree (sent, system) WHERE (system IS NULL);

CREATE INDEX sign_in_by_user ON sign_in USING btree (user_id);

CREATE INDEX users_by_name ON users USING btree (name_key, id);

ALTER TABLE ONLY audit
    ADD CONSTRAINT audit_by_user_fkey FOREIGN KEY (by_user) REFERENCES users(id);

ALTER TABLE ONLY block
    ADD CONSTRAINT block_blocked_id_fkey FOREIGN KEY (blocked_id) REFERENCES users(id);

ALTER TABLE ONLY block
    ADD CONSTRAINT block_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

ALTER TABLE ONLY chat_group
    ADD CONSTRAINT chat_group_id_fkey FOREIGN KEY (id) REFERENCES conversation(id);

ALTER TABLE ONLY chat_group
    ADD CONSTRAINT chat_group_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users(id);

ALTER TABLE ONLY conversation
    ADD CONSTRAINT conversation_high_user_fkey FOREIGN KEY (high_user) REFERENCES users(id);

ALTER TABLE ONLY conversation
    ADD CONSTRAINT conversation_low_user_fkey FOREIGN KEY (low_user) REFERENCES users(id);

ALTER TABLE ONLY friend_request
    ADD CONSTRAINT friend_request_from_user_fkey FOREIGN KEY (from_user) REFERENCES users(id);

ALTER TABLE ONLY friend_request
    ADD CONSTRAINT friend_request_to_user_fkey FOREIGN KEY (to_user) REFERENCES users(id);

ALTER TABLE ONLY friendship
    ADD CONSTRAINT friendship_friend_id_fkey FOREIGN KEY (friend_id) REFERENCES users(id);

ALTER TABLE ONLY friendship
    ADD CONSTRAINT friendship_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

ALTER TABLE ONLY group_invitation
    ADD CONSTRAINT group_invitation_group_id_fkey FOREIGN KEY (group_id) REFERENCES chat_group(id);

ALTER TABLE ONLY group_invitation
    ADD CONSTRAINT group_invitation_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES users(id);

ALTER TABLE ONLY group_invitation
    ADD CONSTRAINT group_invitation_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

ALTER TABLE ONLY hidden_message
    ADD CONSTRAINT hidden_message_conversation_id_seq_fkey FOREIGN KEY (conversation_id, seq) REFERENCES message(conversation_id, seq);

ALTER TABLE ONLY hidden_message
    ADD CONSTRAINT hidden_message_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

ALTER TABLE ONLY join_request
    ADD CONSTRAINT join_request_group_id_fkey FOREIGN KEY (group_id) REFERENCES chat_group(id);

ALTER TABLE ONLY join_request
    ADD CONSTRAINT join_request_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

ALTER TABLE ONLY member
    ADD CONSTRAINT member_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversation(id);

ALTER TABLE ONLY member
    ADD CONSTRAINT member_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

ALTER TABLE ONLY mention
    ADD CONSTRAINT mention_conversation_id_seq_fkey FOREIGN KEY (conversation_id, seq) REFERENCES message(conversation_id, seq);

ALTER TABLE ONLY message
    ADD CONSTRAINT message_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversation(id);

ALTER TABLE ONLY message
    ADD CONSTRAINT message_sender_id_fkey FOREIGN KEY (sender_id) REFERENCES users(id);

ALTER TABLE ONLY registration_link
    ADD CONSTRAINT registration_link_made_by_fkey FOREIGN KEY (made_by) REFERENCES users(id);

ALTER TABLE ONLY sign_in
    ADD CONSTRAINT sign_in_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

