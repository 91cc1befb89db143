//! Objects of the browser that are looked up by name. Their types are missing from web-sys, or
//! would make it take much longer to build.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// `Err` also if the browser has no object of that name.
pub type JsResult = Result<JsValue, JsValue>;

pub fn get(object: &JsValue, name: &str) -> JsResult {
    Reflect::get(object, &JsValue::from_str(name))
}

pub fn call(object: &JsValue, name: &str, arguments: &[JsValue]) -> JsResult {
    let function: Function = get(object, name)?.dyn_into()?;
    function.apply(object, &arguments.iter().collect::<Array>())
}

pub fn make(class: &JsValue, arguments: &[JsValue]) -> JsResult {
    let class: &Function = class.dyn_ref().ok_or(JsValue::NULL)?;
    Reflect::construct(class, &arguments.iter().collect::<Array>())
}
