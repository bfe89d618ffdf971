package io.amcinsights.desktop.places;

/** Hands a delivery over to the screen, to be shown by itself. */
public record ShowDelivery(String deliveryId) {}
