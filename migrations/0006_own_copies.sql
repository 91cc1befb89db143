-- Everybody's own copy of a conversation; what a message answers, and to whom it speaks by name.

-- What one keeps of it: nothing up to cleared_seq; and it is not in one's list of chats until
-- conversation.last_count is greater than hidden_count.
ALTER TABLE member ADD COLUMN cleared_seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN hidden_count BIGINT NOT NULL DEFAULT -1;

-- How one keeps it: since when it is pinned, until when it is muted, whether it counts as unread
-- although it was read.
ALTER TABLE member ADD COLUMN pinned BIGINT;
ALTER TABLE member ADD COLUMN muted_until BIGINT;
ALTER TABLE member ADD COLUMN marked_unread BIGINT NOT NULL DEFAULT 0;

-- A message that somebody deleted for themselves.
CREATE TABLE hidden_message (
    user_id         BIGINT NOT NULL REFERENCES users (id),
    conversation_id BIGINT NOT NULL,
    seq             BIGINT NOT NULL,
    PRIMARY KEY (user_id, conversation_id, seq),
    FOREIGN KEY (conversation_id, seq) REFERENCES message (conversation_id, seq)
);

-- The message of the same conversation that this one answers.
ALTER TABLE message ADD COLUMN reply_to BIGINT;

-- Who is spoken to by name in a message, for the mark on their conversation. 0 is everybody.
CREATE TABLE mention (
    conversation_id BIGINT NOT NULL,
    user_id         BIGINT NOT NULL,
    seq             BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, user_id, seq),
    FOREIGN KEY (conversation_id, seq) REFERENCES message (conversation_id, seq)
);
