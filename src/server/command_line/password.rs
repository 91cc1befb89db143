//! A password from standard input: among the arguments, everybody on the machine would see it.

use std::io::{self, IsTerminal};

/// Asks for it twice on a terminal, unseen; from anything else, reads one line.
pub fn read() -> io::Result<String> {
    if !io::stdin().is_terminal() {
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_string());
    }
    let password = rpassword::prompt_password("Password: ")?;
    if rpassword::prompt_password("Once more: ")? == password {
        Ok(password)
    } else {
        Err(io::Error::other("the two passwords are not the same"))
    }
}
