package io.catga.nats;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What a consumer tells the server about an event, as it is sent
 * (<a href="https://docs.nats.io/nats-concepts/jetstream/consumers">NATS: consumers</a>).
 */
final class Acknowledgement {

    static final byte[] HANDLED = ascii("+ACK");
    static final byte[] IN_PROGRESS = ascii("+WPI");
    static final byte[] ENDED = ascii("+TERM");

    private Acknowledgement() {}

    /** Not handled: to be delivered again after a pause. */
    static byte[] again(Duration pause) {
        return ascii("-NAK {\"delay\": " + pause.toNanos() + "}");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
