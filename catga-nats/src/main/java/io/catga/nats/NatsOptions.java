package io.catga.nats;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How an application takes part in NATS. Immutable; start from {@link #defaults()}. The measurements behind the
 * defaults are in {@code docs/decisions.md}.
 *
 * @param servers        every node of the cluster, such as {@code nats://nats-1:4222}, so that the connection can move
 *                       to another at once; by default one on this host. Without credentials: these are shown
 * @param connectionName how the connection is called in the server's monitoring; "catga" by default, and better the
 *                       name of the instance
 * @param subjectPrefix  what every subject begins with, so that several systems can share a cluster; "catga" by default
 * @param access         who it is, and whether the connection is encrypted; nobody in particular and not encrypted by
 *                       default
 * @param requests       how requests are sent and taken
 * @param events         how events are published and taken
 */
public record NatsOptions(
        List<String> servers,
        String connectionName,
        String subjectPrefix,
        NatsAccess access,
        NatsRequestOptions requests,
        NatsEventOptions events) {

    private static final Pattern SUBJECT = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

    private static final NatsOptions DEFAULTS = new NatsOptions(
            List.of("nats://localhost:4222"),
            "catga",
            "catga",
            NatsAccess.open(),
            NatsRequestOptions.defaults(),
            NatsEventOptions.defaults());

    /**
     * Takes every value as it is given; {@link #defaults()} and the methods that begin with {@code with} are shorter.
     *
     * @throws IllegalArgumentException with everything that is wrong: no server or a blank one, credentials in one, a
     *     blank name, a prefix that is not made of words
     */
    public NatsOptions {
        servers = List.copyOf(servers);
        new Requirements("NATS options")
                .that(!servers.isEmpty(), "servers must name at least one; set catga.nats.servers")
                .that(servers.stream().noneMatch(String::isBlank), "servers must not contain a blank")
                .that(
                        servers.stream().noneMatch(server -> server.contains("@")),
                        "servers must not contain credentials; set catga.nats.username and catga.nats.password")
                .notBlank("connectionName", connectionName)
                .that(
                        isWords(subjectPrefix),
                        "subjectPrefix must be words of letters, digits, _ and - with dots between, but was '"
                                + subjectPrefix + "'")
                .check();
    }

    /** One server on this host, and the defaults of everything. */
    public static NatsOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same with other servers, each as a URL. Name every node of the cluster: an instance can start only over one
     * that it knows, and after a fault it moves at once to another.
     *
     * @throws IllegalArgumentException if there is none, or one is blank or has credentials in it
     */
    public NatsOptions withServers(List<String> nodes) {
        return new NatsOptions(nodes, connectionName, subjectPrefix, access, requests, events);
    }

    /**
     * The same with another name in the server's monitoring; only people read it.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public NatsOptions withConnectionName(String name) {
        return new NatsOptions(servers, name, subjectPrefix, access, requests, events);
    }

    /**
     * The same with another beginning of every subject. Applications with different prefixes do not hear each other;
     * where they share a cluster, their streams need different names as well, see {@link NatsEventOptions#withStreams}.
     *
     * @throws IllegalArgumentException unless it is words of letters, digits, _ and - with dots between
     */
    public NatsOptions withSubjectPrefix(String prefix) {
        return new NatsOptions(servers, connectionName, prefix, access, requests, events);
    }

    /** The same as another user, or over TLS. */
    public NatsOptions withAccess(NatsAccess options) {
        return new NatsOptions(servers, connectionName, subjectPrefix, options, requests, events);
    }

    /**
     * The same as part of one of several data centres, each with a NATS cluster of its own, which gateways join to one
     * system. Subjects and streams get the name of the data centre behind theirs, so a request is handled where its data are:
     * by the instances at its own site, or by those that were put elsewhere to stand in for them. The stream of events, on
     * nodes of the site's own cluster, has a copy of the events of the others, so every consumer receives the events of all
     * (<a href="https://docs.nats.io/nats-concepts/jetstream/source_and_mirror">NATS: source and mirror</a>). To be
     * called after what sets the prefix or the names of the streams.
     *
     * @param site   the data centre to which this application's data belong, which is also the name of its NATS cluster
     * @param others all other data centres
     * @throws IllegalArgumentException unless each is letters, digits, _ and -, and named once
     */
    public NatsOptions withSite(String site, List<String> others) {
        Requirements requirements = new Requirements("NATS site");
        Stream.concat(Stream.of(site), others.stream())
                .forEach(name -> requirements.that(
                        NatsEventOptions.isStreamName(name),
                        "a site must be letters, digits, _ and -, but was '" + name + "'; set catga.nats.site"));
        requirements
                .that(
                        !others.contains(site) && Set.copyOf(others).size() == others.size(),
                        "each site must be named once, but they were %s and %s; set catga.nats.other-sites"
                                .formatted(site, others))
                .check();
        List<NatsEventOptions.Origin> origins = others.stream()
                .map(other -> new NatsEventOptions.Origin(at(other, events.stream()), subjectPrefix + "." + other))
                .toList();
        return new NatsOptions(
                servers,
                connectionName,
                subjectPrefix + "." + site,
                access,
                requests,
                events.withStreams(at(site, events.stream()), at(site, events.deadLetterStream()))
                        .withSite(new NatsEventOptions.Site(site, origins)));
    }

    private static String at(String site, String stream) {
        return stream + "_" + site;
    }

    /** The same with another way to send and take requests. */
    public NatsOptions withRequests(NatsRequestOptions options) {
        return new NatsOptions(servers, connectionName, subjectPrefix, access, options, events);
    }

    /** The same with another way to publish and take events. */
    public NatsOptions withEvents(NatsEventOptions options) {
        return new NatsOptions(servers, connectionName, subjectPrefix, access, requests, options);
    }

    /** Whether it can be the beginning of a subject. */
    static boolean isWords(String text) {
        return SUBJECT.matcher(text).matches();
    }

    String requestSubject(String type) {
        return subjectPrefix + ".request." + type;
    }

    String eventSubject(String type) {
        return eventSubject(subjectPrefix, type);
    }

    static String eventSubject(String prefix, String type) {
        return prefix + ".event." + type;
    }

    /** What a consumer of this type receives: the events of its own stream, and of the others that come into it. */
    Stream<String> receivedSubjects(String type) {
        return Stream.concat(
                Stream.of(eventSubject(type)),
                events.site().origins().stream().map(origin -> eventSubject(origin.subjectPrefix(), type)));
    }

    /**
     * Where a consumer, and only it, receives what it gave up before. Among the subjects of the event stream, so that the
     * stream takes it as it is; the names of types have no underscore in front.
     */
    String replaySubject(String durable) {
        return subjectPrefix + ".event._replay." + durable;
    }

    String deadLetterSubject(String type) {
        return subjectPrefix + ".dead." + type;
    }
}
