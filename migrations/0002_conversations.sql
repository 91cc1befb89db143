-- Conversations, who is in them, and what was said.

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
);

-- Somebody's part in a conversation. The row stays when they leave: it holds the period for
-- which they may see it.
CREATE TABLE member (
    conversation_id BIGINT NOT NULL REFERENCES conversation (id),
    user_id         BIGINT NOT NULL REFERENCES users (id),
    joined_seq      BIGINT NOT NULL, -- sees messages after this one …
    joined_event    BIGINT NOT NULL, -- … and events from this one on
    left_seq        BIGINT,          -- and nothing after these; NULL while they are in it
    left_event      BIGINT,
    read_seq        BIGINT NOT NULL, -- the newest message seen
    read_count      BIGINT NOT NULL, -- unread is last_count - read_count
    PRIMARY KEY (conversation_id, user_id)
);
CREATE INDEX member_by_user ON member (user_id);

CREATE TABLE message (
    conversation_id BIGINT NOT NULL REFERENCES conversation (id),
    seq             BIGINT NOT NULL,
    count           BIGINT NOT NULL, -- of the lines that deserve a badge, up to this one
    sender_id       BIGINT NOT NULL REFERENCES users (id),
    client_id       TEXT   NOT NULL, -- the sender's own name for it: sending again finds it
    body            TEXT   NOT NULL,
    sent            BIGINT NOT NULL, -- by the server's clock
    PRIMARY KEY (conversation_id, seq),
    UNIQUE (sender_id, client_id)
);
