//! The administration: actions of administrators and of the operator, and what they read.

mod accounts;
mod action;
mod audit;
mod groups;
mod overview;
mod registration;
mod tables;

pub use accounts::{
    CreateUser, DeleteUser, EditUser, EndFriendship, SetAdministrator, SetDisabled, SetPassword,
    SignOutUser,
};
pub use action::{AdminAction, Administer};
pub use groups::{
    AddMember, CreateGroupFor, DisbandGroupAsAdmin, EditGroup, EndJoinLink, RemoveMemberAsAdmin,
    SetRoleAsAdmin,
};
pub use registration::{CreateRegistrationLink, RevokeRegistrationLink, SetRegistration};
