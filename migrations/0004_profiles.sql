-- What people tell of themselves, their own names for one another, whom they want no word from,
-- and accounts that are gone.

ALTER TABLE users ADD COLUMN bio TEXT NOT NULL DEFAULT '';

-- The display name as it is searched and sorted: case-folded by Kith, because SQLite folds ASCII
-- only and PostgreSQL by its collation. Empty until the next start fills it in.
ALTER TABLE users ADD COLUMN name_key TEXT NOT NULL DEFAULT '';

-- 1 once the account was deleted. The row stays, because messages name it; its names, bio and
-- password hash are empty, and its username_key is one that no username has, so that the old one
-- is free again.
ALTER TABLE users ADD COLUMN deleted BIGINT NOT NULL DEFAULT 0;

-- The list of everyone goes through it page by page.
CREATE INDEX users_by_name ON users (name_key, id);

-- user_id's own name for friend_id; empty for none. Only they see it.
ALTER TABLE friendship ADD COLUMN remark TEXT NOT NULL DEFAULT '';

-- user_id wants no word from blocked_id, who is not told. A friendship stays beneath it.
CREATE TABLE block (
    user_id    BIGINT NOT NULL REFERENCES users (id),
    blocked_id BIGINT NOT NULL REFERENCES users (id),
    since      BIGINT NOT NULL,
    PRIMARY KEY (user_id, blocked_id)
);
CREATE INDEX block_by_blocked ON block (blocked_id);
