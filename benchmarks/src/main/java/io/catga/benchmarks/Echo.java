package io.catga.benchmarks;

import io.catga.Command;
import io.catga.MessageCatalog;
import io.catga.MessageType;

/** The message of the comparison, one type for all libraries: the answer is the text. */
@MessageType("benchmarks.echo")
public record Echo(String text) implements Command<String>, an.awesome.pipelinr.Command<String> {

    static final MessageCatalog CATALOG = MessageCatalog.of(Echo.class);
}
