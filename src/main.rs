//! The server's way in: a runtime, and the command line.

/// A request makes hundreds of small pieces, on whichever thread it runs. Of the allocators that are quick
/// at it, this one takes the least memory where nothing happens.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

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
