-- The event log: every change that somebody must hear of, written in the same transaction as the
-- change itself.

-- One row. Every writing transaction raises it before anything else; the lock on it puts the ids
-- of events into the order of their commits, whatever the number of writers.
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
CREATE INDEX event_by_audience ON event (audience, audience_id, id);
