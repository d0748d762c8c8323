# Ruby: the body of a Rack request is env["rack.input"], headers are env["HTTP_WEBHOOK_ID"]; in Rails request.raw_post and
# request.headers["webhook-id"]. This one uses only what Ruby brings. No library is needed.
require "base64"
require "json"
require "openssl"
require "socket"

def verified?(secret, headers, body)
  id, timestamp = headers.values_at("webhook-id", "webhook-timestamp")
  return false unless id && timestamp&.match?(/\A\d+\z/) && (Time.now.to_i - timestamp.to_i).abs <= 300

  key = Base64.strict_decode64(secret.delete_prefix("whsec_"))
  expected = Base64.strict_encode64(OpenSSL::HMAC.digest("SHA256", key, "#{id}.#{timestamp}.".b + body))
  headers.fetch("webhook-signature", "").split.any? do |signature|
    version, value = signature.split(",", 2)
    version == "v1" && OpenSSL.secure_compare(expected, value.to_s)
  end
end

server = TCPServer.new("127.0.0.1", Integer(ENV.fetch("PORT")))
loop do
  client = server.accept
  next client.close unless client.gets # the request line

  headers = {}
  while (line = client.gets&.chomp) && !line.empty?
    name, value = line.split(":", 2)
    headers[name.downcase] = value.strip # names may have any case
  end
  body = client.read(headers["content-length"].to_i) # the raw bytes
  if verified?(ENV.fetch("RMS_SIGNING_SECRET"), headers, body)
    answer = JSON.generate(received: JSON.parse(body.force_encoding("UTF-8"))["forwardOrderCode"])
    client.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: #{answer.bytesize}\r\nConnection: close\r\n\r\n#{answer}")
  else
    client.write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
  end
  client.close
end
