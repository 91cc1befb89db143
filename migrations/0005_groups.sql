-- Groups: roles, invitations, and the lines that Kith itself writes into a conversation.

-- 1 member, 2 admin. Who the owner is says chat_group.owner_id alone.
ALTER TABLE member ADD COLUMN role BIGINT NOT NULL DEFAULT 1;

-- When they joined: of equals, the longest-serving one takes a group over.
ALTER TABLE member ADD COLUMN joined BIGINT NOT NULL DEFAULT 0;

-- What last_count was and what the group was called when they left: of what came after they learn
-- nothing. NULL while they are in it.
ALTER TABLE member ADD COLUMN left_count BIGINT;
ALTER TABLE member ADD COLUMN left_name TEXT;

-- 1 once it was disbanded. The row stays, because copies of the conversation name it; its name_key
-- is one that no group can have, so that the name is free again.
ALTER TABLE chat_group ADD COLUMN disbanded BIGINT NOT NULL DEFAULT 0;

-- Somebody was asked to join and has not answered; an answer removes the row.
CREATE TABLE group_invitation (
    group_id   BIGINT NOT NULL REFERENCES chat_group (id),
    user_id    BIGINT NOT NULL REFERENCES users (id),
    invited_by BIGINT NOT NULL REFERENCES users (id),
    at         BIGINT NOT NULL,
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_invitation_by_user ON group_invitation (user_id);
CREATE INDEX group_invitation_by_inviter ON group_invitation (invited_by);

-- A line that Kith wrote ("A invited B"), as JSON: who did what, by id, to be said in each reader's
-- language. NULL for what somebody wrote.
ALTER TABLE message ADD COLUMN system TEXT;
