//! Groups: their members and every change of them. Permissions are checked inside the transaction
//! that makes the change.

mod founding;
mod inviting;
mod joining;
mod membership;
pub(super) mod open_group;
pub(super) mod queries;
mod steps;
mod system_lines;

pub use founding::{CreateGroup, DisbandGroup, GroupSettings, SetGroup};
pub use inviting::{AcceptGroupInvitation, CloseGroupInvitation, InviteToGroup};
pub use joining::{AnswerJoinRequest, JoinByLink, JoinOutcome, SetApproval, SetJoinLink};
pub use membership::{LeaveGroup, RemoveMember, SetRole};

pub(super) use founding::{create, disband, set_group};
pub(super) use inviting::add_member;
pub(super) use joining::set_link;
pub(super) use membership::{hand_over_all, leave_all, remove, set_role};
