//! The server's way in: a runtime, and the command line.

#[tokio::main]
async fn main() -> std::process::ExitCode {
    match kith::server::start().await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kith: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}
