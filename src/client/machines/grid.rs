//! The button of a grid that a key leads to.

/// The index of the button that the key leads to; `None` if it leads nowhere. All rows have this
/// number of columns, except the last one.
pub fn step(key: &str, from: u32, count: u32, columns: u32) -> Option<u32> {
    let last = count.checked_sub(1)?;
    let to = match key {
        "ArrowRight" => from.saturating_add(1),
        "ArrowLeft" => from.saturating_sub(1),
        "ArrowDown" => from.saturating_add(columns),
        "ArrowUp" => from.checked_sub(columns).unwrap_or(from),
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(to.min(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of three rows: 0 1 2 3, 4 5 6 7 and 8 9.
    fn leads(key: &str, from: u32) -> Option<u32> {
        step(key, from, 10, 4)
    }

    #[test]
    fn arrows_lead_to_the_next_button_and_the_next_row() {
        assert_eq!(leads("ArrowRight", 3), Some(4));
        assert_eq!(leads("ArrowLeft", 4), Some(3));
        assert_eq!(leads("ArrowDown", 1), Some(5));
        assert_eq!(leads("ArrowUp", 5), Some(1));
    }

    #[test]
    fn no_key_leads_out_of_the_grid() {
        assert_eq!(leads("ArrowLeft", 0), Some(0));
        assert_eq!(leads("ArrowRight", 9), Some(9));
        assert_eq!(leads("ArrowUp", 2), Some(2));
        assert_eq!(leads("ArrowDown", 7), Some(9), "the last row is shorter");
        assert_eq!(leads("Home", 7), Some(0));
        assert_eq!(leads("End", 0), Some(9));
    }

    #[test]
    fn other_keys_and_empty_grids_lead_nowhere() {
        assert_eq!(leads("a", 3), None);
        assert_eq!(leads("Enter", 3), None);
        assert_eq!(step("ArrowDown", 0, 0, 4), None);
    }
}
