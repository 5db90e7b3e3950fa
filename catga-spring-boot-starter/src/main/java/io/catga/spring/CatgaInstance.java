package io.catga.spring;

/**
 * Who this process is: in log lines, headers, metrics and queue groups.
 *
 * @param service what it is a replica of, such as {@code order-service}
 * @param name    this replica, such as {@code cluster-order-service-2}
 */
public record CatgaInstance(String service, String name) {}
