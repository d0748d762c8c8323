//! A test server that handles one connection in ways that no HTTP library would.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;

/// A server that handles its one connection with `serve`. The returned receiver gets the head of the request.
pub(crate) fn raw(
    serve: impl FnOnce(&mut TcpStream) + Send + 'static,
) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = [0; 4096];
        let length = stream.read(&mut head).unwrap();
        let _ = sender.send(String::from_utf8_lossy(&head[..length]).into_owned());
        serve(&mut stream);
    });
    (authority, receiver)
}
