//! The entry point of the server: an async runtime and the command line.

/// A request makes hundreds of small allocations, on any thread. Of the allocators that are fast at
/// that, this one needs the least memory on an idle server.
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
