-- What administrators decide, and what is kept of it.

-- 1 while the account may not be used. Unlike a deleted one it keeps everything.
ALTER TABLE users ADD COLUMN disabled BIGINT NOT NULL DEFAULT 0;

-- Until when a password holds that an administrator gave, which signs nobody in: its owner replaces
-- it with one of their own. NULL once they have one.
ALTER TABLE users ADD COLUMN one_time_until BIGINT;

-- One row. Who may make an account: 'open', 'closed' or 'by_link'; NULL as long as nobody decided,
-- and then as the configuration says.
CREATE TABLE registration (
    one  BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    mode TEXT
);
INSERT INTO registration (one, mode) VALUES (1, NULL);

-- A link with which some people may register. The token is here as it is, not its hash, so that
-- administrators can show the link again; all that it opens is an account without any rights.
CREATE TABLE registration_link (
    token     TEXT   NOT NULL PRIMARY KEY,
    made_by   BIGINT REFERENCES users (id), -- NULL for the operator, on the command line
    made      BIGINT NOT NULL,
    until     BIGINT NOT NULL,
    uses_left BIGINT NOT NULL
);

-- What administrators did. Rows are added, and never changed or removed.
CREATE TABLE audit (
    id          BIGINT NOT NULL PRIMARY KEY,
    at          BIGINT NOT NULL,
    by_user     BIGINT REFERENCES users (id), -- NULL for the operator, on the command line
    by_username TEXT,                         -- as it was at that time, like all names in the act
    act         TEXT   NOT NULL               -- as JSON: never a message, a password or a token
);
INSERT INTO id_counter (name, value) VALUES ('audit', 0);

-- How many messages were sent on each of the last days. What Kith itself says does not count; the
-- column is in the index all the same, or SQLite would look into each message for it.
CREATE INDEX message_by_time ON message (sent, system) WHERE system IS NULL;
