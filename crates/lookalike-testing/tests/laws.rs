//! Every method under every law.

use lookalike::AnySynthesizer;
use lookalike_testing::{laws, personal};

fn every_method(law: fn(&AnySynthesizer)) {
    for method in lookalike_testing::methods() {
        law(&method);
    }
}

#[test]
fn seeds_decide() {
    every_method(laws::seeds_decide);
}

#[test]
fn threads_do_not_matter() {
    every_method(laws::threads_do_not_matter);
}

#[test]
fn ranges_are_parts_of_one_table() {
    every_method(laws::ranges_are_parts_of_one_table);
}

#[test]
fn shapes_are_kept() {
    every_method(laws::shapes_are_kept);
}

#[test]
fn odd_tables_are_no_trouble() {
    every_method(laws::odd_tables_are_no_trouble);
}

#[test]
fn values_stay_in_bounds() {
    every_method(laws::values_stay_in_bounds);
}

#[test]
fn columns_are_right_one_by_one() {
    every_method(laws::columns_are_right_one_by_one);
}

#[test]
fn conditions_hold() {
    every_method(laws::conditions_hold);
}

#[test]
fn given_rows_are_completed() {
    every_method(laws::given_rows_are_completed);
}

#[test]
fn gaps_are_filled() {
    every_method(laws::gaps_are_filled);
}

#[test]
fn rare_values_are_withheld() {
    every_method(laws::rare_values_are_withheld);
}

#[test]
fn rare_classes_are_refused() {
    every_method(laws::rare_classes_are_refused);
}

#[test]
fn files_keep_models() {
    every_method(laws::files_keep_models);
}

#[test]
fn work_can_be_cancelled() {
    every_method(laws::work_can_be_cancelled);
}

#[test]
fn personal_data_is_not_learned() {
    every_method(personal::personal_data_is_not_learned);
}

#[test]
fn stand_ins_are_as_asked() {
    every_method(personal::stand_ins_are_as_asked);
}

#[test]
fn what_stand_ins_cannot_is_refused() {
    every_method(personal::what_stand_ins_cannot_is_refused);
}
