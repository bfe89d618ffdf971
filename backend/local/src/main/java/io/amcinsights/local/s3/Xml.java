package io.amcinsights.local.s3;

import io.amcinsights.local.http.AwsError;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;

/** S3's documents. */
final class Xml {

    private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
    private static final XMLOutputFactory OUTPUT = XMLOutputFactory.newDefaultFactory();
    private static final XMLInputFactory INPUT = XMLInputFactory.newDefaultFactory();

    static {
        INPUT.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        INPUT.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        INPUT.setProperty(XMLInputFactory.IS_COALESCING, true);
    }

    /** An element that was read. */
    record Element(String name, String text, List<Element> children) {

        List<Element> all(String child) {
            return children.stream().filter(e -> e.name().equals(child)).toList();
        }

        /** The text of a child, or null. */
        @Nullable String text(String child) {
            List<Element> found = all(child);
            return found.isEmpty() ? null : found.getFirst().text();
        }
    }

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final XMLStreamWriter writer;

    private Xml(String root, boolean named) {
        try {
            writer = OUTPUT.createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
            writer.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
            writer.writeStartElement(root);
            if (named) {
                writer.writeDefaultNamespace(NAMESPACE);
            }
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Begins a document. */
    static Xml document(String root) {
        return new Xml(root, true);
    }

    /** Begins an error document, which S3 leaves without a namespace. */
    static Xml error() {
        return new Xml("Error", false);
    }

    Xml open(String name) {
        try {
            writer.writeStartElement(name);
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    Xml close() {
        try {
            writer.writeEndElement();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** An element with text; nothing if the value is null. */
    Xml put(String name, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        open(name);
        text(value.toString());
        return close();
    }

    Xml text(String text) {
        try {
            writer.writeCharacters(text);
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    byte[] finish() {
        try {
            writer.writeEndDocument();
            writer.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    static Element read(InputStream body) throws AwsError {
        try {
            XMLStreamReader reader = INPUT.createXMLStreamReader(body);
            reader.nextTag();
            return element(reader);
        } catch (XMLStreamException e) {
            throw new AwsError(
                    400,
                    "MalformedXML",
                    "The XML you provided was not well-formed or did not validate against our"
                            + " published schema");
        }
    }

    private static Element element(XMLStreamReader reader) throws XMLStreamException {
        String name = reader.getLocalName();
        StringBuilder text = new StringBuilder();
        List<Element> children = new ArrayList<>();
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamReader.START_ELEMENT -> children.add(element(reader));
                case XMLStreamReader.CHARACTERS -> text.append(reader.getText());
                case XMLStreamReader.END_ELEMENT -> {
                    return new Element(name, text.toString(), List.copyOf(children));
                }
                default -> {}
            }
        }
        throw new XMLStreamException("The document ends too early");
    }
}
