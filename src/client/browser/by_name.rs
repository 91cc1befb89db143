//! Parts of the browser that are asked for by name: their types would make web-sys, and with it
//! everything, much longer to build, or are not in it.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// An error also says that there is no such thing here.
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
