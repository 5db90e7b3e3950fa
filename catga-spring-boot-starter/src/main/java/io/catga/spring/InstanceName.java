package io.catga.spring;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

/**
 * The name of this process that a person knows. In a container, Docker's DNS answers a reverse look-up of the own
 * address with the container's name ({@code cluster-order-service-2.cluster-network}); the JVM's own look-up would find
 * the random host name in {@code /etc/hosts} first, so DNS is asked directly. Elsewhere it is the host name.
 */
final class InstanceName {

    private InstanceName() {}

    static String find() {
        return siteAddresses().stream()
                .flatMap(address -> containerName(address).stream())
                .findFirst()
                .orElseGet(InstanceName::hostName);
    }

    private static List<InetAddress> siteAddresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                    .collect(Collectors.toList());
        } catch (SocketException e) {
            return List.of();
        }
    }

    @SuppressWarnings("BanJNDI") // the DNS provider returns text only, and the name asked for is our own address
    private static Optional<String> containerName(InetAddress address) {
        Hashtable<String, String> settings = new Hashtable<>();
        settings.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
        settings.put("com.sun.jndi.dns.timeout.initial", "500");
        settings.put("com.sun.jndi.dns.timeout.retries", "2");
        try {
            InitialDirContext dns = new InitialDirContext(settings);
            try {
                Attribute names = dns.getAttributes(reversed(address), new String[] {"PTR"})
                        .get("PTR");
                return names == null
                        ? Optional.empty()
                        : Optional.of(names.get().toString().replaceFirst("\\..*", ""));
            } finally {
                dns.close();
            }
        } catch (NamingException e) {
            return Optional.empty();
        }
    }

    private static String reversed(InetAddress address) {
        byte[] b = address.getAddress();
        return "%d.%d.%d.%d.in-addr.arpa".formatted(b[3] & 0xff, b[2] & 0xff, b[1] & 0xff, b[0] & 0xff);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
