package io.catga.redis;

/** Where a Redis or a Sentinel listens. */
record Address(String host, int port) {

    static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            return new Address(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no address; write host:port", e);
        }
    }

    @Override
    public String toString() {
        return host + ':' + port;
    }
}
