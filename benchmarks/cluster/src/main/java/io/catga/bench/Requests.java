package io.catga.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is asked, as the bytes of an HTTP/1.1 request. */
interface Requests {

    /** The n-th request, from 0. */
    byte[] bytes(long n);

    /** New orders, each of another customer and of another product. */
    static Requests orders(String run) {
        return orders(run, 1);
    }

    /** New orders, each of another product, and so many of each customer. */
    static Requests orders(String run, int perCustomer) {
        return n -> post("/api/orders", """
                {"customerId":"%s-c%d","items":[{"productId":"%s-p%d","quantity":2,"price":100}]}""".formatted(run, n / perCustomer, run, n));
    }

    /** One page or several, by turns. */
    static Requests pages(List<String> paths) {
        List<byte[]> requests = paths.stream().map(Requests::get).toList();
        return n -> requests.get((int) (n % requests.size()));
    }

    private static byte[] get(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] post(String path, String json) {
        return ("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
                        + json.length() + "\r\n\r\n" + json)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
