-- Joining a group by a link, and those who wait to be let in.

-- Whoever knows join_token may join (or ask to) until join_until. NULL while there is no link.
ALTER TABLE chat_group ADD COLUMN join_token TEXT;
ALTER TABLE chat_group ADD COLUMN join_until BIGINT;
CREATE UNIQUE INDEX chat_group_by_join_token ON chat_group (join_token);

-- 1 where an admin lets in each of those who come by the link.
ALTER TABLE chat_group ADD COLUMN approve BIGINT NOT NULL DEFAULT 0;

-- Somebody came by the link and waits for an admin's answer, which removes the row.
CREATE TABLE join_request (
    group_id BIGINT NOT NULL REFERENCES chat_group (id),
    user_id  BIGINT NOT NULL REFERENCES users (id),
    at       BIGINT NOT NULL,
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX join_request_by_user ON join_request (user_id);
