//! Groups: who is in them, and every change to that. What a role may do is checked here, inside
//! the transaction that does it.

pub(super) mod circle;
mod founding;
mod inviting;
mod joining;
mod membership;
pub(super) mod queries;
mod saying;

pub use founding::{CreateGroup, Described, DisbandGroup, SetGroup};
pub use inviting::{AcceptGroupInvitation, CloseGroupInvitation, InviteToGroup};
pub use joining::{AnswerJoinRequest, JoinByLink, Joining, SetApproval, SetJoinLink};
pub use membership::{LeaveGroup, RemoveMember, SetRole};

pub(super) use founding::{describe, disband, found};
pub(super) use inviting::admit;
pub(super) use joining::set_link;
pub(super) use membership::{hand_over_all, leave_all, remove, set_role};
