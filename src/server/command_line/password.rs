//! Reads a password from standard input. Everybody on the machine could see it in the arguments.

use std::io::{self, IsTerminal};

/// Asks twice on a terminal, without echo. Reads one line from anything else.
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
