package io.catga.transport;

/**
 * Headers of a {@link WireMessage} that say how it came: for people who ask what became of a message. Who does not know
 * them ignores them, and where they are missing or unreadable the message is handled all the same. All others are the
 * mediator's, and of no concern to a transport.
 */
public final class TransportHeaders {

    /**
     * The id of the message whose handling caused this one; the mediator sets it.
     *
     * @see io.catga.MessageMetadata#causationId()
     */
    public static final String CAUSATION_ID = "Catga-Causation-Id";

    /**
     * On a request: the number of its sender's attempt to deliver it, where that is not the first.
     *
     * @see io.catga.MessageContext#attempt()
     */
    public static final String ATTEMPT = "Catga-Attempt";

    /**
     * On an event that is received: when the bus took it, in milliseconds since the epoch, by the bus's clock. It stays on a
     * dead letter, so that a replayed event still says when it was published.
     *
     * @see io.catga.MessageContext#publishedAt()
     */
    public static final String PUBLISHED_AT = "Catga-Published-At";

    private TransportHeaders() {}
}
