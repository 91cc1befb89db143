-- People and what they are to one another.
--
-- The same statements run on SQLite and PostgreSQL: ids and times are BIGINT (times are
-- milliseconds since 1970, UTC), flags are 0 or 1, everything else is TEXT.

-- Where ids come from. A row is raised inside the writing transaction, so that an id is never
-- given twice, also after the row that had it is gone.
CREATE TABLE id_counter (
    name  TEXT   NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL -- the last id given
);
INSERT INTO id_counter (name, value) VALUES ('user', 0), ('sign_in', 0), ('conversation', 0);

CREATE TABLE users (
    id            BIGINT NOT NULL PRIMARY KEY,
    username      TEXT   NOT NULL,        -- as its owner writes it
    username_key  TEXT   NOT NULL UNIQUE, -- case-folded by Kith: SQLite folds ASCII only
    display_name  TEXT   NOT NULL,
    password_hash TEXT   NOT NULL,        -- argon2id, in the PHC format (salt and cost included)
    administrator BIGINT NOT NULL,
    created       BIGINT NOT NULL
);

-- A signed-in device. Called a sign-in, never a session, which would be mistaken for the
-- browser's session cache.
CREATE TABLE sign_in (
    id         BIGINT NOT NULL PRIMARY KEY,
    token_hash TEXT   NOT NULL UNIQUE, -- SHA-256 of the cookie's token: this table opens no door
    user_id    BIGINT NOT NULL REFERENCES users (id),
    device     TEXT   NOT NULL,
    since      BIGINT NOT NULL,
    last_seen  BIGINT NOT NULL         -- written at most once a minute
);
CREATE INDEX sign_in_by_user ON sign_in (user_id);

-- Two rows for each friendship, one for each side: mutual by construction.
CREATE TABLE friendship (
    user_id   BIGINT NOT NULL REFERENCES users (id),
    friend_id BIGINT NOT NULL REFERENCES users (id),
    since     BIGINT NOT NULL,
    PRIMARY KEY (user_id, friend_id)
);

-- Requests that wait for an answer; an answer removes the row.
CREATE TABLE friend_request (
    from_user BIGINT NOT NULL REFERENCES users (id),
    to_user   BIGINT NOT NULL REFERENCES users (id),
    note      TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (from_user, to_user)
);
CREATE INDEX friend_request_by_receiver ON friend_request (to_user);
